import assert from 'node:assert/strict';
import { apiVersion, judge, tenantBackupKind, type TenantBackupSpec } from '@driftbox/resources';
import type { BackupObserved } from '../backup/backup-observed.ts';
import { planBackup, type BackupStep } from '../backup/plan-backup.ts';
import { taskStatus } from '../backup/task-status.ts';
import { backupFinalizer } from '../backup/tenant-backup.ts';
import { ownId } from './observed-tenant.ts';

const epochMs = Date.UTC(2026, 0, 1);

/** What a Job says that made a point. */
export const madePoint = {
  id: 'backup-uid',
  takenAt: '2026-01-01T00:00:01.000Z',
  drives: 2,
  rows: 9,
  chunks: 3,
  newObjects: 5,
  newBytes: 700,
};

/** A TenantBackup that was just applied, of a tenant that has a place. */
export function observedBackup(spec: object = {}, seen: Partial<BackupObserved> = {}, metadata: object = {}): BackupObserved {
  const sent = { tenant: 'acme', destination: { pool: 'main' }, ...spec };
  const judged = judge(tenantBackupKind, { apiVersion, kind: 'TenantBackup', metadata: { name: 'one' }, spec: sent });
  assert(judged.ok, JSON.stringify(judged));
  const { spec: stored } = judged.resource as { spec: TenantBackupSpec };
  const bucket = { endpoint: 'http://s3:9000', bucket: 'b', prefix: 'backups/', region: 'us-east-1' };
  return {
    backup: { apiVersion, kind: 'TenantBackup', metadata: { name: 'one', uid: 'backup-uid', generation: 1, ...metadata }, spec: stored },
    spec: stored,
    faults: [],
    tenant: { kind: 'placed', tenantId: ownId, cell: 'eu', manifest: '{}' },
    key: { kind: 'absent' },
    destination: { bucket: { ...bucket, credentials: { secret: 's3', accessKey: 'accessKey', secretKey: 'secretKey' } } },
    job: { kind: 'none' },
    epochMs,
    ...seen,
  };
}

/** The world once a step has gone well. */
function mirrorBackup(observed: BackupObserved, step: BackupStep): BackupObserved {
  const { backup } = observed;
  const { finalizers = [] } = backup.metadata;
  const withFinalizers = (next: readonly string[]): BackupObserved => ({
    ...observed,
    backup: { ...backup, metadata: { ...backup.metadata, finalizers: next } },
  });
  switch (step) {
    case 'protect':
      return withFinalizers([...finalizers, backupFinalizer]);
    case 'unprotect':
      return withFinalizers(finalizers.filter((one) => one !== backupFinalizer));
    case 'makeKey':
      return { ...observed, key: { kind: 'there' } };
    case 'clear':
      return { ...observed, job: { kind: 'none' } };
    case 'create':
    case 'remove':
      return { ...observed, job: { kind: 'running', task: step } };
  }
}

/** What one pass does, and what is there then; it is cut off after so many steps, which a process that ends does to it. */
export function passBackup(
  observed: BackupObserved,
  mostSteps = 9,
): { readonly steps: readonly BackupStep[]; readonly after: BackupObserved } {
  const plan = planBackup(observed);
  if (plan === undefined) return { steps: [], after: observed };
  const steps = plan.steps.slice(0, mostSteps);
  const isSaid = plan.steps.includes('clear') || plan.steps.length === steps.length;
  const after = steps.reduce(mirrorBackup, observed);
  if (!isSaid || plan.steps.includes('protect')) return { steps, after };
  const status = taskStatus(observed.backup, plan.phase, plan.facts, observed.epochMs);
  return { steps, after: { ...after, backup: { ...after.backup, status } } };
}

/** Somebody asked for its deletion. */
export function deletedBackup(observed: BackupObserved, metadata: object = {}): BackupObserved {
  const { backup } = observed;
  const deletionTimestamp = new Date(observed.epochMs).toISOString();
  return { ...observed, backup: { ...backup, metadata: { ...backup.metadata, deletionTimestamp, ...metadata } } };
}

/** Jobs end as they are told to: what runs has done its work. */
export function jobDone(observed: BackupObserved): BackupObserved {
  const { job } = observed;
  if (job.kind !== 'running') return observed;
  return { ...observed, job: { kind: 'succeeded', task: job.task, done: job.task === 'create' ? madePoint : { packs: 1, bytes: 1 } } };
}

/** Passes until nothing is to be done any more, Jobs going well. Throws where there is no end. */
export function playBackup(observed: BackupObserved): { readonly steps: readonly BackupStep[]; readonly end: BackupObserved } {
  const steps: BackupStep[] = [];
  let at = observed;
  for (let count = 0; count < 50; count += 1) {
    const pass = passBackup(at);
    steps.push(...pass.steps);
    const next = jobDone(pass.after);
    if (pass.steps.length === 0 && JSON.stringify(next) === JSON.stringify(at)) return { steps, end: next };
    at = next;
  }
  throw new Error(`still going on after ${steps.join(', ')}`);
}
