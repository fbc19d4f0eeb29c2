import { randomUUID } from 'node:crypto';
import { watchTenants } from '@driftbox/service-kit';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createUpkeepMetrics } from './upkeep-metrics.ts';

const acme = '11111111-1111-4111-8111-111111111111';

/** The value of each series of a metric, by what is written before it. */
async function seriesOf(registry: Registry, name: string): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).matchAll(new RegExp(`^${name}(\\S*) (\\S+)$`, 'gm'));
  return Object.fromEntries([...lines].map(([, labels = '', value]) => [labels, Number(value)]));
}

test('what is stored is told of each watched tenant and of all others together, as it was last counted', async () => {
  const registry = new Registry();
  watchTenants(registry, { DRIFTBOX_METRICS_TENANTS: acme });
  const { note } = createUpkeepMetrics(registry);
  expect(await seriesOf(registry, 'driftbox_upload_stored_bytes')).toEqual({ '{tenant="other"}': 0 });
  const others = Array.from({ length: 50 }, () => randomUUID());
  for (const tenantId of [acme, ...others]) note(tenantId, { storedBytes: 10, driftBytes: 1 });
  note(acme, { storedBytes: 7 });
  const stored = { [`{tenant="${acme}"}`]: 7, '{tenant="other"}': 500 };
  expect(await seriesOf(registry, 'driftbox_upload_stored_bytes')).toEqual(stored);
  expect(await seriesOf(registry, 'driftbox_upload_stored_bytes')).toEqual(stored);
  expect(await seriesOf(registry, 'driftbox_upload_ledger_drift_bytes')).toEqual({ '': 51 });
});
