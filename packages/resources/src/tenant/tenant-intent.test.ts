import assert from 'node:assert/strict';
import { expect, test } from '@jest/globals';
import { newId } from '@driftbox/testkit';
import { parseTenantId } from '@driftbox/domain';
import { judge } from '../judge.ts';
import { quotaKind } from '../kinds/quota.ts';
import { tenantKind } from '../kinds/tenant.ts';
import { tenantIntentOf } from './tenant-intent.ts';

const tenantId = newId(parseTenantId);

function intentOf(tenant: object, quota?: object) {
  const meta = { apiVersion: 'driftbox.io/v1alpha1', metadata: { name: 'acme' } };
  const judged = judge(tenantKind, { ...meta, kind: 'Tenant', spec: { hosts: ['a.example.com'], ...tenant } });
  const quotaJudged = judge(quotaKind, { ...meta, kind: 'Quota', spec: quota ?? {} });
  assert(judged.ok && quotaJudged.ok);
  const specs = [judged.resource, quotaJudged.resource].map((resource) => Reflect.get(Object(resource), 'spec')) as never[];
  return tenantIntentOf(tenantId, 'acme', specs[0]!, quota === undefined ? undefined : specs[1]);
}

test('without quota and limits it is left to the services', () => {
  expect(intentOf({})).toEqual({ tenantId, name: 'acme', hosts: ['a.example.com'], signUp: 'invite', suspended: false, limits: {} });
});

test('limits of the tenant stand before those of its quota, one by one', () => {
  const quota = { storage: '1Gi', files: 10, requests: { perSecond: 1, burst: 2 }, retention: { historyDays: 5 } };
  const { limits } = intentOf(
    { limits: { storage: '2Gi', requestsPerUser: { perSecond: 3, burst: 4 } }, retention: { trashDays: 7 } },
    quota,
  );
  expect(limits).toEqual({
    logicalBytes: 2 ** 31,
    files: 10,
    requestsPerSecond: 1,
    requestBurst: 2,
    userRequestsPerSecond: 3,
    userRequestBurst: 4,
    historyDays: 5,
    trashDays: 7,
  });
});

test('the name of its quota is passed on, as its class', () => {
  expect(intentOf({})).not.toHaveProperty('quota');
  expect(intentOf({ quota: 'gold' }, { files: 10 })).toMatchObject({ quota: 'gold', limits: { files: 10 } });
});

test('who it is and who may come', () => {
  const spec = { displayName: 'Acme & Co', suspended: true, identity: { signUp: 'closed' }, firstAdministrator: { email: 'a@b.example' } };
  expect(intentOf(spec)).toMatchObject({
    name: 'Acme & Co',
    suspended: true,
    signUp: 'closed',
    firstAdministrator: { email: 'a@b.example' },
  });
});

test('what holds for links is passed on, with what it leaves out', () => {
  expect(intentOf({})).not.toHaveProperty('linkPolicy');
  expect(intentOf({ linkPolicy: { password: 'required', maxDays: 30 } }).linkPolicy).toEqual({
    allowed: true,
    password: 'required',
    maxDays: 30,
  });
});

test('what binds somewhere is passed on', () => {
  const { limits } = intentOf({}, { users: 3, uploads: 4, sockets: 5, links: 6, egressPerMonth: '1k' });
  expect(limits).toMatchObject({ users: 3, uploads: 4, sockets: 5, links: 6, egressBytesPerMonth: 1_000 });
});
