import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StoreError } from '../store-error.ts';
import { flipped, newKey } from '../testing/pack-fixture.ts';
import { mostRewraps, type KeyManager } from './key-manager.ts';

/** A manager to be tried, of a single generation so far, and how to be rid of it. */
export type KeyManagerUnderTest = {
  readonly manager: KeyManager;
  /** The same keys, opened by another process. */
  readonly again: () => Promise<KeyManager>;
  readonly dispose?: () => Promise<void>;
};

/** What every `KeyManager` promises. A new implementation's own test needs only this call. */
export function describeKeyManager(name: string, make: () => Promise<KeyManagerUnderTest>): void {
  describe(name, () => {
    let held: KeyManagerUnderTest;
    let manager: KeyManager;
    beforeEach(async () => {
      held = await make();
      manager = held.manager;
    });
    afterEach(() => held.dispose?.());

    test('unwraps what it wrapped, here and in another process, and shows nothing of it', async () => {
      const key = newKey(3);
      const wrapped = await manager.wrap(key);
      expect(wrapped.keyGeneration).toBe(1);
      for (const secret of [key.secret.export(), Buffer.from(key.secret.export().toString('base64'))])
        expect(Buffer.from(wrapped.bytes).includes(secret)).toBe(false);
      for (const one of [manager, await held.again()]) {
        const unwrapped = await one.unwrap(key, wrapped);
        expect(unwrapped.secret.equals(key.secret)).toBe(true);
        expect([unwrapped.tenant, unwrapped.generation]).toEqual([key.tenant, 3]);
      }
      expect(Buffer.from((await manager.wrap(key)).bytes).equals(wrapped.bytes)).toBe(false);
    });

    test("unwraps nothing that was altered, or is another tenant's or generation's", async () => {
      const key = newKey();
      const wrapped = await manager.wrap(key);
      for (let at = 0; at < wrapped.bytes.length; at += 1) {
        const altered = manager.unwrap(key, { ...wrapped, bytes: flipped(wrapped.bytes, at) });
        await expect(altered).rejects.toMatchObject({ name: 'StoreError', kind: 'corrupt', transient: false });
      }
      await expect(manager.unwrap(newKey(), wrapped)).rejects.toMatchObject({ kind: 'corrupt' });
      await expect(manager.unwrap({ ...key, generation: 2 }, wrapped)).rejects.toMatchObject({ kind: 'corrupt' });
      for (const bytes of [wrapped.bytes.subarray(1), wrapped.bytes.subarray(0, -1), Buffer.alloc(0)])
        await expect(manager.unwrap(key, { ...wrapped, bytes })).rejects.toMatchObject({ kind: 'corrupt' });
      await expect(manager.unwrap(key, { ...wrapped, keyGeneration: 9 })).rejects.toMatchObject({
        kind: expect.stringMatching(/^(corrupt|not_found)$/),
      });
    });

    test('wraps under the newest generation and unwraps under every one, also where another process rotated', async () => {
      const other = await held.again();
      const key = newKey();
      const old = await manager.wrap(key);
      expect(await other.rotate()).toBe(2);
      expect(await manager.generations()).toEqual({ current: 2, usable: [1, 2] });
      const fresh = await manager.wrap(key);
      expect(fresh.keyGeneration).toBe(2);
      for (const wrapped of [old, fresh])
        for (const one of [manager, other]) expect((await one.unwrap(key, wrapped)).secret.equals(key.secret)).toBe(true);
    });

    test('unwraps a generation that another process has added since', async () => {
      await manager.generations();
      const other = await held.again();
      await other.rotate();
      const key = newKey();
      expect((await manager.unwrap(key, await other.wrap(key))).secret.equals(key.secret)).toBe(true);
    });

    test('re-wraps many at once in their order, under the current generation; a damaged one spoils no other', async () => {
      const keys = Array.from({ length: 5 }, (_, n) => newKey(n + 1));
      const some = await Promise.all(keys.map(async (of) => ({ of, wrapped: await manager.wrap(of) })));
      await manager.rotate();
      const [first, second] = some;
      const broken = some.map((one, n) => (n === 1 ? { ...one, wrapped: first?.wrapped ?? one.wrapped } : one));
      const answers = await manager.rewrap(broken);
      expect(answers).toHaveLength(5);
      for (const [n, answer] of answers.entries()) {
        const key = keys[n] ?? newKey();
        if (n === 1) {
          expect(answer).toBeInstanceOf(StoreError);
          continue;
        }
        if (answer instanceof StoreError) throw answer;
        expect(answer.keyGeneration).toBe(2);
        expect((await manager.unwrap(key, answer)).secret.equals(key.secret)).toBe(true);
      }
      expect(second === undefined ? [] : await manager.rewrap([second])).toMatchObject([{ keyGeneration: 2 }]);
      expect(await manager.rewrap([])).toEqual([]);
      await expect(manager.rewrap(Array.from({ length: mostRewraps + 1 }, () => broken[0] ?? never()))).rejects.toThrow('at most 100');
    });

    test('a generation that is retired unwraps no more, nor do older ones; the current one cannot be', async () => {
      const key = newKey();
      const old = await manager.wrap(key);
      await manager.rotate();
      await manager.rotate();
      await expect(manager.retire(3)).rejects.toThrow('in use');
      await expect(manager.retire(0)).rejects.toMatchObject({ kind: 'not_found' });
      await manager.retire(2);
      expect(await manager.generations()).toEqual({ current: 3, usable: [3] });
      for (const one of [manager, await held.again()]) await expect(one.unwrap(key, old)).rejects.toMatchObject({ kind: 'not_found' });
      await expect(manager.retire(1)).rejects.toMatchObject({ kind: 'not_found' });
      expect((await manager.unwrap(key, await manager.wrap(key))).secret.equals(key.secret)).toBe(true);
    });
  });
}

function never(): never {
  throw new Error('there is a first');
}
