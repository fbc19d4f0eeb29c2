import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { watchQueue, type Backlog } from './watch-queue.ts';

const scrape = async (registry: Registry): Promise<string[]> => (await registry.metrics()).match(/^driftbox_queue.*$/gm) ?? [];
const waiting = (queue: string, value: number): string => `driftbox_queue_waiting_items{queue="${queue}"} ${value}`;
const oldest = (queue: string, value: number): string => `driftbox_queue_oldest_seconds{queue="${queue}"} ${value}`;

test('each scrape reads a queue once, as it then is, with the age of its first where that is known', async () => {
  const registry = new Registry();
  let [length, reads] = [3, 0];
  watchQueue(registry, 'passwords', () => length);
  watchQueue(registry, 'notification_mails', () => {
    reads += 1;
    return Promise.resolve({ waiting: length, oldestMs: 1_500 });
  });
  expect(await scrape(registry)).toEqual([waiting('passwords', 3), waiting('notification_mails', 3), oldest('notification_mails', 1.5)]);
  expect(reads).toBe(1);
  length = 0;
  expect(await scrape(registry)).toEqual([waiting('passwords', 0), waiting('notification_mails', 0), oldest('notification_mails', 1.5)]);
  expect(reads).toBe(2);
});

test('queues of one name are one, as long as all and as old as the oldest', async () => {
  const registry = new Registry();
  for (const [length, oldestMs] of [
    [1, 2_000],
    [2, 1_000],
  ] as const) {
    watchQueue(registry, 'mails', () => Promise.resolve({ waiting: length, oldestMs }));
  }
  expect(await scrape(registry)).toEqual([waiting('mails', 3), oldest('mails', 2)]);
});

test('one that cannot be read is missing, hides no other, and is asked again at the next scrape', async () => {
  const registry = new Registry();
  let isAway = true;
  watchQueue(registry, 'webhook_deliveries', (): Promise<Backlog> =>
    isAway ? Promise.reject(new Error('away')) : Promise.resolve({ waiting: 7 }),
  );
  watchQueue(registry, 'calls', () => 1);
  expect(await scrape(registry)).toEqual([waiting('calls', 1)]);
  isAway = false;
  expect(await scrape(registry)).toEqual([waiting('webhook_deliveries', 7), waiting('calls', 1)]);
});
