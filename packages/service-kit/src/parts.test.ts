import { describe, expect, test } from '@jest/globals';
import { parseSessionId, parseUserId } from '@driftbox/domain';
import fc from 'fast-check';
import { BoundedMap } from './bounded-map.ts';
import { createKeySource } from './key-source.ts';
import { parseJson } from './parse-json.ts';
import { addressKey } from './rate-limit.ts';
import { PolledRevocations } from './revocations.ts';
import { requestIdOf } from './request-id.ts';
import { signServiceToken, verifyServiceToken } from './service-token.ts';
import { acme, other, serviceKey } from './testing/world.ts';

test('parseJson reads what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes('__proto__'));
      expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
    }),
  );
});

test('parseJson of any bytes answers or throws a problem', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      try {
        parseJson(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid_argument' });
      }
    }),
  );
});

test('a BoundedMap never holds more than its maximum, and nothing beyond its time', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.nat(100))), (entries) => {
      const map = new BoundedMap<number>(5);
      for (const [key, untilMs] of entries) map.set(key, untilMs, untilMs);
      expect(map.size).toBeLessThanOrEqual(5);
      for (const [key] of entries) expect(map.get(key, 50) ?? 51).toBeGreaterThan(50);
    }),
  );
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the address %s counts as %s', (address, key) => expect(addressKey(address)).toBe(key));

test.each(['short', 'with space', 'a'.repeat(65), 'new\nline-here', undefined])('the request id %j is replaced', (id) => {
  expect(requestIdOf(id)).toMatch(/^[0-9a-f-]{36}$/);
});

describe('service tokens', () => {
  test('hold for their claims, and are reused', async () => {
    const token = await signServiceToken(serviceKey, { caller: 'upload', tid: acme });
    expect(await signServiceToken(serviceKey, { caller: 'upload', tid: acme })).toBe(token);
    expect(await verifyServiceToken({ serviceKey }, token)).toMatchObject({ claims: { caller: 'upload', tid: acme } });
  });

  test('hold under no other key', async () => {
    const token = await signServiceToken(serviceKey, { caller: 'upload' });
    await expect(verifyServiceToken({ serviceKey: serviceKey.replace('a', 'b') }, token)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await expect(signServiceToken('too short', { caller: 'upload' })).rejects.toThrow('32 bytes');
  });
});

describe('keys', () => {
  test('an unknown id is asked for at most every so often, and a known key outlives auth', async () => {
    let nowMs = 0;
    let fetches = 0;
    let up = true;
    const source = createKeySource({
      nowMs: () => nowMs,
      fetch: () => {
        fetches += 1;
        if (!up) return Promise.reject(new Error('auth is away'));
        return Promise.resolve({ keys: [{ kty: 'OKP', crv: 'Ed25519', kid: 'k', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }] });
      },
    });
    expect(await source.find('k')).toBeDefined();
    for (let n = 0; n < 5; n += 1) expect(await source.find('other')).toBeUndefined();
    expect(fetches).toBe(1);
    nowMs = 6_000;
    await source.find('other');
    expect(fetches).toBe(2);
    up = false;
    nowMs = 900_000;
    expect(await source.find('k')).toBeDefined();
    nowMs = 1_800_000;
    await expect(source.find('other')).rejects.toThrow('away');
  });
});

describe('revocations', () => {
  test('gather from page to page and survive failures', async () => {
    const session = parseSessionId('33333333-3333-4333-8333-333333333333')!;
    const user = parseUserId('44444444-4444-4444-8444-444444444444')!;
    const cursors: (string | undefined)[] = [];
    const source = new PolledRevocations({
      fetch: (cursor) => {
        cursors.push(cursor);
        if (cursors.length === 2) return Promise.reject(new Error('auth is away'));
        return Promise.resolve({
          sessions: cursor === undefined ? [session] : [],
          users: cursor === undefined ? [] : [user],
          tenants: [{ tenantId: acme, suspended: cursor === undefined }],
          nextCursor: 'c',
        });
      },
    });
    expect(source.isRevoked(session, user)).toBe(false);
    await source.poll();
    expect([source.isRevoked(session, user), source.isSuspended(acme), source.isSuspended(other)]).toEqual([true, true, false]);
    await expect(source.poll()).rejects.toThrow('away');
    expect([source.isRevoked(session, user), source.isSuspended(acme)]).toEqual([true, true]);
    await source.poll();
    expect(source.isRevoked(parseSessionId('55555555-5555-4555-8555-555555555555')!, user)).toBe(true);
    expect(source.isSuspended(acme)).toBe(false);
    expect(cursors).toEqual([undefined, 'c', 'c']);
  });
});
