import { describe, expect, test } from '@jest/globals';
import { isUuid } from '@driftbox/domain';
import fc from 'fast-check';
import { hashPassword, verifyPassword } from './hash-password.ts';
import { newId } from './new-id.ts';
import { idOfCursor, toPage } from './page.ts';
import { WorkSlots } from './work-slots.ts';

const cost = { memoryKiB: 64, passes: 1 };

describe('passwords', () => {
  test('verify against their own hash only, whichever Unicode form they come in', async () => {
    const stored = await hashPassword('caf\u00e9 con leche', cost);
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
    expect(await verifyPassword('cafe\u0301 con leche', stored)).toBe(true);
    expect(await verifyPassword('cafe con leche', stored)).toBe(false);
    expect(await hashPassword('caf\u00e9 con leche', cost)).not.toBe(stored);
  });

  test('a hash that is none is a defect, not a wrong password', async () => {
    await expect(verifyPassword('x', 'plain')).rejects.toThrow('malformed');
  });
});

test('WorkSlots runs no more at once than it says, and refuses beyond its queue', async () => {
  const slots = new WorkSlots(2, 3);
  let running = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  const work = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await gate.promise;
    running -= 1;
  };
  const accepted = Array.from({ length: 5 }, () => slots.run(work));
  await expect(slots.run(work)).rejects.toMatchObject({ code: 'unavailable' });
  gate.resolve();
  await Promise.all(accepted);
  expect(most).toBe(2);
  await slots.run(() => Promise.reject(new Error('fails'))).catch(() => {});
  await expect(slots.run(() => Promise.resolve('free again'))).resolves.toBe('free again');
});

test('ids are UUIDs in the order of their times', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 47), fc.nat(1_000_000), (nowMs, laterMs) => {
      expect(isUuid(newId(nowMs))).toBe(true);
      if (laterMs > 0) expect(newId(nowMs) < newId(nowMs + laterMs)).toBe(true);
    }),
  );
});

test('pages show at most their limit, and say whether there is more', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 20 }), fc.integer({ min: 1, max: 20 }), (ids, limit) => {
      const page = toPage(
        ids.slice(0, limit + 1),
        limit,
        (id) => id,
        (id) => id,
      );
      expect(page.items).toEqual(ids.slice(0, limit));
      expect(page.nextCursor).toBe(ids.length > limit ? ids[limit - 1] : undefined);
    }),
  );
  expect(() => idOfCursor('nonsense')).toThrow('cursor');
});
