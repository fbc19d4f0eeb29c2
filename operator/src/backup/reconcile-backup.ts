import type { Cache, EventRecorder, Reconcile, Reconciled } from '../runtime/index.ts';
import { sayStatus } from '../say-status.ts';
import { executeBackup, type ExecuteParts } from './execute-backup.ts';
import { observeBackup, type ObserveParts } from './observe-backup.ts';
import { planBackup } from './plan-backup.ts';
import { runPlan } from './run-plan.ts';
import { taskStatus } from './task-status.ts';
import { backupManager, backupResource, type TenantBackup } from './tenant-backup.ts';

/** What a pass over a TenantBackup works with. */
export type BackupParts = ExecuteParts &
  ObserveParts & { readonly backups: Pick<Cache<TenantBackup>, 'get' | 'list'>; readonly events: Pick<EventRecorder, 'record'> };

/** Brings a TenantBackup about: observes, decides, takes the steps, and says how it is. */
export function reconcileBackup(parts: BackupParts): Reconcile {
  const saying = { ...parts, kind: backupResource, manager: backupManager };
  return async (key, { signal }): Promise<Reconciled> => {
    const backup = parts.backups.get(key);
    if (backup === undefined) return { kind: 'gone' };
    const observed = await observeBackup(parts, backup, signal);
    const plan = planBackup(observed);
    if (plan === undefined) return { kind: 'gone' };
    const { phase, facts } = plan;
    const came = await runPlan(plan, {
      take: (step) => executeBackup(parts, observed, step, signal),
      say: (failure) => sayStatus(saying, backup, taskStatus(backup, phase, facts, observed.epochMs, failure), signal),
      signal,
    });
    if (came.kind === 'gone' && phase.kind === 'retaining') tellOfLeft(parts, backup);
    return came;
  };
}

function tellOfLeft({ events }: BackupParts, backup: TenantBackup): void {
  const { point, tenantId } = backup.status ?? {};
  if (tenantId === undefined) return;
  const note = `the backup ${point ?? backup.metadata.uid} of the tenant ${tenantId} stays at its destination`;
  events.record(backup, { type: 'Normal', reason: 'Retaining', action: 'Reconcile', note });
}
