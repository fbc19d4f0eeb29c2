import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createTenantMetrics, watchTenants } from './tenant-metrics.ts';

const acme = '11111111-1111-4111-8111-111111111111';
const ofTenants = (ids: string) => ({ DRIFTBOX_METRICS_TENANTS: ids });

test('watched tenants are told apart, and however many others there are they are one', async () => {
  const registry = new Registry();
  watchTenants(registry, ofTenants(` ${acme} ,`));
  const metrics = createTenantMetrics(registry, 'upload');
  metrics.ended(acme, 200, 0.5);
  metrics.moved(acme, 'sent', 10);
  for (let count = 0; count < 1_000; count += 1) metrics.ended(randomUUID(), 503, 1);
  metrics.ended(undefined, 200, 1);
  const text = await registry.metrics();
  expect(text.match(/^driftbox_tenant_\S+ .*$/gm)).toEqual([
    `driftbox_tenant_requests_total{tenant="${acme}",service="upload",status="2xx"} 1`,
    'driftbox_tenant_requests_total{tenant="other",service="upload",status="5xx"} 1000',
    `driftbox_tenant_request_seconds_total{tenant="${acme}",service="upload"} 0.5`,
    'driftbox_tenant_request_seconds_total{tenant="other",service="upload"} 1000',
    `driftbox_tenant_stream_bytes_total{tenant="${acme}",service="upload",direction="sent"} 10`,
  ]);
});

test.each(['not an id', Array.from({ length: 21 }, () => randomUUID()).join(',')])('%s is refused', (ids) => {
  expect(() => watchTenants(new Registry(), ofTenants(ids))).toThrow('at most 20 ids');
});
