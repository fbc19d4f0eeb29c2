import { expect, test } from '@jest/globals';
import { planPool } from './plan-pool.ts';
import type { PoolObserved } from './pool-observed.ts';
import { poolStatus } from './pool-status.ts';
import { poolFinalizer } from './pool.ts';

const metadata = { name: 'main', uid: 'u', generation: 1, finalizers: [poolFinalizer], deletionTimestamp: '2026-01-01T00:00:00Z' };
const spec = { bundled: {}, deletionPolicy: 'Delete', deletionProtection: false } as unknown as PoolObserved['spec'];

function going(seen: Partial<PoolObserved> = {}): PoolObserved {
  return {
    pool: { apiVersion: 'driftbox.io/v1alpha1', kind: 'StoragePool', metadata, spec: {} },
    spec,
    faults: [],
    missing: undefined,
    master: undefined,
    access: undefined,
    mirror: undefined,
    users: [],
    backups: [],
    allocated: 0n,
    used: 0n,
    content: { damagedChunks: 0 },
    bundled: undefined,
    beginsByTls: false,
    certificate: 'foreign',
    namespace: { kind: 'ours', base: 'b' },
    base: 'b',
    serverIsReady: true,
    speaksOtherwise: false,
    isGrowing: false,
    isDeep: false,
    epochMs: 0,
    ...seen,
  };
}

/** What a pool says of its deletion, and what is done. */
function said(observed: PoolObserved): string {
  const plan = planPool(observed);
  if (plan === undefined) return 'nothing';
  const { conditions = [] } = poolStatus({ observed, phase: plan.phase });
  const deleting = conditions.find(({ type }) => type === 'Deleting');
  return `${plan.steps.join('+')} ${deleting?.reason}: ${deleting?.message}`;
}

test('a pool that is to go waits for whoever names it, and for the backups that lie in it, and says for whom', () => {
  expect(said(going({ users: ['tenant acme', 'cell eu'] }))).toBe(' InUse: named by cell eu, tenant acme');
  const backups = ['nightly-202601010200', 'before-upgrade'];
  const lying = 'these TenantBackups lie in it, delete them first: before-upgrade, nightly-202601010200';
  expect(said(going({ backups }))).toBe(` InUse: ${lying}`);
  expect(said(going({ users: ['backup schedule nightly'], backups }))).toBe(` InUse: named by backup schedule nightly; ${lying}`);
  expect(said(going())).toBe('freeVolumes+deleteNamespace Erasing: MinIO and its volumes are being removed');
  expect(said(going({ namespace: { kind: 'absent' } }))).toContain('deleteMaster+forgetKeys+unprotect');
});

test('of many backups a few are named, and told how many more there are', () => {
  const backups = Array.from({ length: 500 }, (_, index) => `nightly-${1000 + index}`);
  expect(said(going({ backups }))).toMatch(/first: nightly-1000, .*nightly-1009 and 490 more$/);
});

test('a MinIO that speaks TLS is certified before it begins, and when a month is left without a pause', () => {
  const { deletionTimestamp: _, ...kept } = metadata;
  const standing = { pool: { apiVersion: 'driftbox.io/v1alpha1', kind: 'StoragePool', metadata: kept, spec: {} } };
  const master = { poolId: 'i', rootUser: 'u', rootPassword: 'p', byTls: true };
  const bundled = { name: 'main', master } as PoolObserved['bundled'];
  const plan = (seen: Partial<PoolObserved>) => planPool(going({ ...standing, master, ...seen }));
  expect(plan({ certificate: 'due' })).toEqual({
    steps: ['certify'],
    phase: { kind: 'working', message: 'the certificate of its MinIO is being made' },
  });
  const steps = ['release', 'keepVolumes', 'probe'];
  expect(plan({ certificate: 'good', bundled })).toEqual({ steps, phase: { kind: 'probing' } });
  expect(plan({ certificate: 'due', bundled })).toEqual({ steps: ['certify', ...steps], phase: { kind: 'probing' } });
  expect(plan({ certificate: 'good', bundled, speaksOtherwise: true, base: 'other' })).toEqual({
    steps: ['makeBase', 'stopServer', 'release', 'keepVolumes'],
    phase: { kind: 'working', message: 'MinIO begins anew, by TLS' },
  });
  expect(plan({ certificate: 'good', bundled, speaksOtherwise: true, isGrowing: true })?.steps).toEqual(['growVolumes', 'keepVolumes']);
});
