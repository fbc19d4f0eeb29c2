import { describe, expect, test } from '@jest/globals';
import { dataKeyOf, derivePackKey, fingerprintOf } from './data-key.ts';
import { PackIdentity, parsePackId } from './pack-id.ts';
import { newKey } from './testing/pack-fixture.ts';

describe('a data key', () => {
  test('gives each pack a key of its own, and the same one again', () => {
    const key = newKey();
    const [a, b] = [PackIdentity.random().id, PackIdentity.random().id];
    expect(derivePackKey(key, a).equals(derivePackKey(key, a))).toBe(true);
    const others = [
      derivePackKey(key, b),
      derivePackKey({ ...key, generation: 2 }, a),
      derivePackKey({ ...key, tenant: newKey().tenant }, a),
    ];
    for (const other of others) expect(derivePackKey(key, a).equals(other)).toBe(false);
    expect(derivePackKey(key, a).equals(key.secret)).toBe(false);
  });

  test('is recognised by its fingerprint, in whose place no other will do', () => {
    const key = newKey();
    const same = dataKeyOf(key.tenant, key.generation, key.secret.export());
    expect(fingerprintOf(key)).toEqual(fingerprintOf(same));
    const others = [newKey(), { ...key, generation: 2 }, { ...key, tenant: newKey().tenant }];
    for (const other of others) expect(fingerprintOf(key)).not.toEqual(fingerprintOf(other));
  });

  test('is drawn at random', () => {
    expect(newKey().secret.equals(newKey().secret)).toBe(false);
  });

  test('has 32 bytes and a generation from 1', () => {
    const { tenant } = newKey();
    expect(() => dataKeyOf(tenant, 1, new Uint8Array(31))).toThrow('32 bytes');
    for (const generation of [0, -1, 1.5, 2 ** 32]) expect(() => dataKeyOf(tenant, generation, new Uint8Array(32))).toThrow('generation');
  });
});

describe('a pack id', () => {
  test('is 32 lower-case hex digits, and random', () => {
    const id = PackIdentity.random().id;
    expect(parsePackId(id)).toBe(id);
    expect(PackIdentity.random().id).not.toBe(id);
    for (const text of ['', id.slice(1), `${id}0`, 'A'.repeat(32), `../${id.slice(3)}`, `${id.slice(1)}\n`]) {
      expect(parsePackId(text)).toBeUndefined();
    }
  });
});
