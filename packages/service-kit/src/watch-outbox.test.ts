import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { watchOutbox, type OutboxBacklog } from './watch-outbox.ts';

test('each scrape shows the outbox as it then is, and nothing where it cannot be read', async () => {
  const registry = new Registry();
  let found: OutboxBacklog | undefined = { waiting: 3, oldestMs: 1_500 };
  watchOutbox(registry, 'test', async () => {
    if (found === undefined) throw new Error('away');
    return found;
  });
  const scrape = async (): Promise<string[]> => (await registry.metrics()).split('\n').filter((line) => line.startsWith('driftbox'));
  expect(await scrape()).toEqual(['driftbox_outbox_age_seconds{service="test"} 1.5', 'driftbox_outbox_waiting_events{service="test"} 3']);
  found = { waiting: 0, oldestMs: 0 };
  expect(await scrape()).toEqual(['driftbox_outbox_age_seconds{service="test"} 0', 'driftbox_outbox_waiting_events{service="test"} 0']);
  found = undefined;
  expect(await scrape()).toEqual([]);
});

test('services that share a registry are told apart, and one that cannot be read hides no other', async () => {
  const registry = new Registry();
  watchOutbox(registry, 'one', () => Promise.resolve({ waiting: 1, oldestMs: 0 }));
  watchOutbox(registry, 'two', () => Promise.reject(new Error('away')));
  watchOutbox(registry, 'three', () => Promise.resolve({ waiting: 3, oldestMs: 0 }));
  const text = await registry.getSingleMetricAsString('driftbox_outbox_waiting_events');
  expect([...text.matchAll(/service="(\w+)"} (\d)/g)].map(([, service, waiting]) => [service, waiting])).toEqual([
    ['one', '1'],
    ['three', '3'],
  ]);
});
