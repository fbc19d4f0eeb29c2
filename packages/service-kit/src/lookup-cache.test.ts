import { manualClock, waitFor } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { LookupCache } from './lookup-cache.ts';

type Owner = { answer: string | Error; hangs?: boolean; asked: string[] };

function scene(maximum = 10) {
  const clock = manualClock();
  const owner: Owner = { answer: 'one', asked: [] };
  const cache = new LookupCache<string>({
    freshMs: 10_000,
    keepMs: 60_000,
    maximum,
    nowMs: () => clock.now(),
    ask: async (key) => {
      owner.asked.push(key);
      if (owner.hangs === true) await new Promise(() => {});
      if (owner.answer instanceof Error) throw owner.answer;
      return owner.answer;
    },
  });
  return { clock, owner, cache };
}

test('asks once for as long as an answer is fresh, and once for callers that come together', async () => {
  const { clock, owner, cache } = scene();
  expect(await Promise.all([cache.get('a'), cache.get('a'), cache.get('b')])).toEqual(['one', 'one', 'one']);
  clock.advance(9_999);
  expect(cache.get('a')).toBe('one');
  expect(owner.asked).toEqual(['a', 'b']);
});

test('gives an old answer while it asks for a new one', async () => {
  const { clock, owner, cache } = scene();
  await cache.get('a');
  owner.answer = 'two';
  clock.advance(10_000);
  expect(cache.get('a')).toBe('one');
  await waitFor(() => cache.get('a') === 'two');
  expect(owner.asked).toEqual(['a', 'a']);
});

test('waits for a new answer where the old one was not needed for a while, but not for long', async () => {
  const { clock, owner, cache } = scene();
  await cache.get('a');
  owner.answer = 'two';
  clock.advance(20_000);
  expect(await cache.get('a')).toBe('two');
  owner.hangs = true;
  clock.advance(20_000);
  expect(await cache.get('a')).toBe('two');
});

test('goes on with what it holds while its owner is away, asking at most each second, and ends when that is too old', async () => {
  const { clock, owner, cache } = scene();
  await cache.get('a');
  owner.answer = new Error('away');
  clock.advance(10_000);
  for (let step = 0; step < 20; step += 1) {
    expect(cache.get('a')).toBe('one');
    clock.advance(100);
    await Promise.resolve();
  }
  expect(owner.asked.length).toBeLessThanOrEqual(4);
  clock.advance(60_000);
  await expect(cache.get('a')).rejects.toThrow('away');
  owner.answer = 'back';
  expect(await cache.get('a')).toBe('back');
});

test('holds no more than its maximum', async () => {
  const { owner, cache } = scene(2);
  for (const key of ['a', 'b', 'c', 'a']) await cache.get(key);
  expect(owner.asked).toEqual(['a', 'b', 'c', 'a']);
});
