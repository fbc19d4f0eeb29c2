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
  expect(await scrape()).toEqual(['driftbox_test_outbox_age_seconds 1.5', 'driftbox_test_outbox_waiting 3']);
  found = { waiting: 0, oldestMs: 0 };
  expect(await scrape()).toEqual(['driftbox_test_outbox_age_seconds 0', 'driftbox_test_outbox_waiting 0']);
  found = undefined;
  expect(await scrape()).toEqual([]);
});
