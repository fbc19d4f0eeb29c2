import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytesShown, coarseUsage } from '../tenant/coarse-usage.ts';
import { allocatedTo, capacityOf, contentIn, showBytes, usedIn } from './measure-pool.ts';
import type { StoragePoolSpec, TenantOfPool } from './pool.ts';

const tenant = (spec: TenantOfPool['spec'], status?: TenantOfPool['status']): TenantOfPool => ({
  apiVersion: 'driftbox.io/v1alpha1',
  kind: 'Tenant',
  metadata: { name: 't' },
  spec,
  ...(status === undefined ? {} : { status }),
});

test('what is stored in a pool is what the tenants that lie there say, and nothing of those that only wish to', () => {
  const tenants = [
    tenant({}, { pool: 'main', usage: { storage: '1.5Gi' } }),
    tenant({}, { pool: 'main', usage: { storage: '512' } }),
    tenant({}, { pool: 'main' }),
    tenant({ pool: 'main' }),
    tenant({ pool: 'main' }, { pool: 'other', usage: { storage: '7Ti' } }),
  ];
  expect(usedIn('main', tenants)).toBe(3n * 2n ** 29n + 512n);
  expect(usedIn('empty', [])).toBe(0n);
});

test('what a status shows is read back within a twentieth, and anything else is nothing', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (storageBytes) => {
      const bytes = bytesShown(coarseUsage({ storageBytes, files: 0, users: 0 }).storage);
      expect(Math.abs(bytes - storageBytes)).toBeLessThanOrEqual(storageBytes * 0.051);
    }),
  );
  for (const text of ['', 'much', '-1', '1.5Zi', '1 Gi']) expect(bytesShown(text)).toBe(0);
});

test('a tenant is promised its own limit, or that of its quota', () => {
  const quotas: Readonly<Record<string, string>> = { large: '2Gi' };
  const quotaOf = (name: string) =>
    ({ apiVersion: 'driftbox.io/v1alpha1', kind: 'Quota', metadata: { name }, spec: { storage: quotas[name] ?? '1Mi' } }) as const;
  const tenants = [tenant({ quota: 'large' }), tenant({ quota: 'large', limits: { storage: '1Gi' } }), tenant({})];
  expect(allocatedTo(tenants, quotaOf)).toBe(3n * 2n ** 30n);
});

test('drives of our own hold what parity leaves', () => {
  const bundled = { nodes: 4, drivesPerNode: 2, parity: 2, driveSize: '10Gi' };
  expect(showBytes(capacityOf({ bundled } as StoragePoolSpec) ?? 0n)).toBe('60Gi');
  expect(showBytes(capacityOf({ bundled, capacity: '5Ti' } as StoragePoolSpec) ?? 0n)).toBe('5Ti');
  expect(capacityOf({ external: {} } as StoragePoolSpec)).toBeUndefined();
});

test('a pool was verified since the day of the tenant that waits longest, and has the damage of all in it', () => {
  const tenants = [
    tenant({}, { pool: 'main', content: { verifiedSince: '2026-03-01', damagedChunks: 2 } }),
    tenant({}, { pool: 'main', content: { verifiedSince: '2026-02-27', damagedChunks: 1 } }),
    tenant({}, { pool: 'main', content: { damagedChunks: 0 } }),
    tenant({}, { pool: 'main' }),
    tenant({}, { pool: 'other', content: { verifiedSince: '2020-01-01', damagedChunks: 9 } }),
  ];
  expect(contentIn('main', tenants)).toEqual({ verifiedSince: '2026-02-27', damagedChunks: 3 });
  expect(contentIn('empty', [])).toEqual({ damagedChunks: 0 });
});
