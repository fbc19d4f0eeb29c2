import { apiVersion, judge, tenantKind } from '@driftbox/resources';
import { expect, test } from '@jest/globals';
import type { Tenant } from '../tenant/tenant.ts';
import { tenantManifest } from './tenant-manifest.ts';

test('a tenant is made anew as it was, suspended, and invites and takes over nobody', () => {
  const spec = {
    hosts: ['files.acme.example'],
    quota: 'large',
    isolation: { shared: { cell: 'eu' } },
    firstAdministrator: { email: 'ada@acme.example' },
    adopt: '01930000-0000-7000-8000-000000000001',
    deletionProtection: true,
  };
  const metadata = { name: 'acme', uid: 'u', resourceVersion: '7', finalizers: ['f'], labels: { team: 'a' }, annotations: { 'x/y': 'z' } };
  const tenant: Tenant = { apiVersion, kind: 'Tenant', metadata, spec, status: { observedGeneration: 3, tenantId: 'id' } };
  const made: unknown = JSON.parse(tenantManifest(tenant));
  expect(made).toEqual({
    apiVersion,
    kind: 'Tenant',
    metadata: { name: 'acme', labels: { team: 'a' } },
    spec: { hosts: spec.hosts, quota: 'large', isolation: spec.isolation, deletionProtection: true, suspended: true },
  });
  expect(judge(tenantKind, made).ok).toBe(true);
  expect(spec.adopt).toBeDefined();
});
