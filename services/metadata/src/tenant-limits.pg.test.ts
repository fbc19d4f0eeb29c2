import { createClient } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import { expect, test } from '@jest/globals';
import { problem, useScene, type Scene } from './testing/scene.ts';
import { newTenant } from './testing/world.ts';

let { door } = {} as Scene;
useScene((scene) => {
  ({ door } = scene);
});

const limitsFor = (tenant: ReturnType<typeof newTenant>, caller: 'gateway' | 'sync' | 'upload' = 'gateway') =>
  createClient({
    transport: door.service.transport,
    token: () => signServiceToken('a service key of at least thirty-two bytes', { caller, tid: tenant }),
  }).call(routes.getTenantLimits, { params: { tenant } });

test('gateway and sync learn what a tenant may do, as it is now', async () => {
  const tenant = newTenant();
  const intend = (limits: object, suspended = false) =>
    door.admin.call(routes.putTenantInMetadata, {
      params: { tenant },
      body: { tenantId: tenant, name: 'Acme', hosts: [], suspended, limits },
    });
  await intend({});
  expect(await limitsFor(tenant)).toEqual({
    suspended: false,
    tenantRequests: { perSecond: 2_000, burst: 4_000 },
    userRequests: { perSecond: 200, burst: 1_000 },
    sockets: Number.MAX_SAFE_INTEGER,
  });
  await intend({ requestsPerSecond: 7, requestBurst: 8, userRequestsPerSecond: 1, userRequestBurst: 2, sockets: 9 }, true);
  expect(await limitsFor(tenant, 'sync')).toEqual({
    suspended: true,
    tenantRequests: { perSecond: 7, burst: 8 },
    userRequests: { perSecond: 1, burst: 2 },
    sockets: 9,
  });
});

test('others, and those who ask for a tenant that is not here, find nothing', async () => {
  await expect(limitsFor(newTenant())).rejects.toEqual(problem('not_found'));
  await expect(limitsFor(newTenant(), 'upload')).rejects.toEqual(problem('not_found'));
});
