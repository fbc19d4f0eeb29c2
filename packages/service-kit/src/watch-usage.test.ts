import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { watchUsage } from './watch-usage.ts';

test('classes are told apart by Quota, however many there are, and read together once a minute', async () => {
  const registry = new Registry();
  let reads = 0;
  const gauges = { tenants: ['driftbox_test_tenants', 'Tenants'], bytes: ['driftbox_test_bytes', 'Bytes'] } as const;
  watchUsage(registry, gauges, () => {
    reads += 1;
    const named = Array.from({ length: 500 }, (_, n) => ({ quota: `plan-${n}`, tenants: 1, bytes: 2 }));
    return Promise.resolve([{ quota: 'gold', tenants: 9, bytes: 90 }, { quota: '', tenants: 5, bytes: 7 }, ...named]);
  });
  const scrape = async (name: string): Promise<Record<string, number>> =>
    Object.fromEntries(
      [...(await registry.metrics()).matchAll(new RegExp(`^${name}{quota="(.+)"} (\\d+)$`, 'gm'))].map(([, quota = '', value]) => [
        quota,
        Number(value),
      ]),
    );
  expect(await scrape('driftbox_test_tenants')).toMatchObject({ gold: 9, none: 5, 'plan-17': 1, other: 482 });
  const bytes = await scrape('driftbox_test_bytes');
  expect(bytes).toMatchObject({ gold: 90, none: 7, other: 964 });
  expect(Object.keys(bytes)).toHaveLength(21);
  expect(reads).toBe(1);
});
