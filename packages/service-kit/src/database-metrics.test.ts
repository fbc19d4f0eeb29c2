import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createDatabaseMetrics, type PoolState } from './database-metrics.ts';

test('each scrape shows the connections of every service of a process as they then are', async () => {
  const registry = new Registry();
  let state: PoolState = { open: 5, idle: 2, waiting: 0 };
  createDatabaseMetrics(registry, 'one', () => state);
  createDatabaseMetrics(registry, 'two', () => ({ open: 1, idle: 1, waiting: 0 }));
  const scrape = async (): Promise<string[]> => (await registry.metrics()).split('\n').filter((line) => line.startsWith('driftbox'));
  const name = 'driftbox_database';
  const ofTwo = [`${name}_connections{service="two",state="busy"} 0`, `${name}_connections{service="two",state="idle"} 1`];
  expect(await scrape()).toEqual([
    `${name}_connections{service="one",state="busy"} 3`,
    `${name}_connections{service="one",state="idle"} 2`,
    ...ofTwo,
    `${name}_waiting_callers{service="one"} 0`,
    `${name}_waiting_callers{service="two"} 0`,
  ]);
  state = { open: 8, idle: 0, waiting: 40 };
  expect(await scrape()).toEqual([
    `${name}_connections{service="one",state="busy"} 8`,
    `${name}_connections{service="one",state="idle"} 0`,
    ...ofTwo,
    `${name}_waiting_callers{service="one"} 40`,
    `${name}_waiting_callers{service="two"} 0`,
  ]);
});
