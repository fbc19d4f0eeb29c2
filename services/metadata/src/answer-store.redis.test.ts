import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import { SharedValues } from '@driftbox/redis';
import { testComponent, waitFor } from '@driftbox/testkit';
import { localAnswers, type AnswerStore } from './answer-store.ts';

const { url } = testComponent('redis');
const shared = new SharedValues({ url, prefix: `test:${randomUUID()}:`, lifeMs: 60_000, patienceMs: 5_000 });
afterAll(() => shared.close());

const stores: readonly (readonly [string, AnswerStore])[] = [
  ['a process alone', localAnswers(1_000)],
  ['Redis', shared],
];

describe.each(stores)('answers kept by %s', (_name, store) => {
  test('come back as the bytes that they were', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await waitFor(async () => {
      store.put('a', bytes);
      return (await store.get('a')) !== undefined;
    });
    expect(Uint8Array.from((await store.get('a'))!)).toEqual(bytes);
    expect(await store.get('b')).toBeUndefined();
  });
});

test('a process alone drops what was not asked for longest, and does not keep what is too large', async () => {
  const store = localAnswers(1_000);
  for (const key of ['a', 'b']) store.put(key, new Uint8Array(450));
  await store.get('a');
  store.put('c', new Uint8Array(450));
  store.put('d', new Uint8Array(2_000));
  const kept = await Promise.all(['a', 'b', 'c', 'd'].map(async (key) => (await store.get(key)) !== undefined));
  expect(kept).toEqual([true, false, true, false]);
});
