import { manualClock } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { caches, countLookups } from './count-lookups.ts';
import { LookupCache } from './lookup-cache.ts';
import { readTogether } from './read-at-scrape.ts';
import { queues } from './watch-queue.ts';

const counted = async (registry: Registry): Promise<Record<string, number>> => {
  const lines = (await registry.metrics()).matchAll(/^driftbox_cache_lookups_total{cache="(\w+)",outcome="(\w+)"} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, cache, outcome, count]) => [`${cache} ${outcome}`, Number(count)]));
};

test('hits and misses are counted by cache, from zero on, and those of one name together', async () => {
  const registry = new Registry();
  const one = countLookups(registry, 'hosts');
  countLookups(registry, 'issuers');
  const other = countLookups(registry, 'hosts');
  for (const isHit of [true, true, false]) one(isHit);
  other(false);
  expect(await counted(registry)).toEqual({ 'hosts hit': 2, 'hosts miss': 2, 'issuers hit': 0, 'issuers miss': 0 });
});

test('a cache of answers hits whatever it need not wait for', async () => {
  const registry = new Registry();
  const clock = manualClock();
  const cache = new LookupCache({
    ask: (key) => Promise.resolve(key),
    freshMs: 10,
    keepMs: 100,
    maximum: 10,
    nowMs: () => clock.now(),
    count: countLookups(registry, 'tenant_limits'),
  });
  await cache.get('a');
  await cache.get('a');
  clock.advance(15);
  await cache.get('a');
  clock.advance(1_000);
  await cache.get('a');
  expect(await counted(registry)).toEqual({ 'tenant_limits hit': 2, 'tenant_limits miss': 2 });
});

test('names of caches and queues are few, and no ids', () => {
  const names = [...Object.keys(caches), ...Object.keys(queues)];
  expect(names.length).toBeLessThan(50);
  expect(names.filter((name) => !/^[a-z_]{4,30}$/.test(name))).toEqual([]);
});

test('what is read together is read once at a time, and again only when it is too old', async () => {
  let reads = 0;
  const read = readTogether(() => Promise.resolve((reads += 1)), 60_000);
  expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
  expect(await read()).toBe(1);
  const always = readTogether(() => Promise.resolve((reads += 1)));
  expect([await always(), await always()]).toEqual([2, 3]);
});
