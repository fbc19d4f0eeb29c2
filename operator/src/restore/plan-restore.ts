import { isPaused } from '../annotations.ts';
import { failedBefore, followJob, isOwn, timeOf, type TaskFacts, type TaskPhase, type TaskPlan } from '../backup/task-phase.ts';
import type { RestoreObserved, TenantRestoreStatus } from './tenant-restore.ts';

/** One step of a pass over a TenantRestore. */
export type RestoreStep = 'restore' | 'clear';

/** What a pass does; undefined where there is nothing left to look after. */
export type RestorePlan = TaskPlan<RestoreStep, TenantRestoreStatus> | undefined;

/** Decides what a pass over a TenantRestore does. It is done once, never again by itself. */
export function planRestore(observed: RestoreObserved): RestorePlan {
  const { restore, spec, faults, job, epochMs } = observed;
  const { status } = restore;
  // A Job that is at work goes on: half of a restore would keep everybody out.
  if (restore.metadata.deletionTimestamp !== undefined) return undefined;
  if (isPaused(restore)) return plan([], { kind: 'paused' });
  if (status?.completionTime !== undefined) return plan(isOwn(job) ? ['clear'] : [], restored(status));
  if (spec === undefined) return plan([], { kind: 'stalled', reason: 'InvalidSpec', message: faults.join('; ') });
  const followed = followJob(restore, job);
  if (followed === undefined) return planStart(observed);
  if ('phase' in followed) return plan(followed.steps, followed.phase);
  const facts = { ...followed.done, completionTime: timeOf(epochMs) } as TaskFacts<TenantRestoreStatus>;
  return plan(['clear'], restored(facts), facts);
}

/** What is to be there before a Job starts. */
function planStart({ restore, source, key, target, epochMs }: RestoreObserved): RestorePlan {
  const failed = failedBefore(restore);
  if (failed !== undefined) return plan([], failed);
  for (const sought of [source, target]) {
    if (sought.kind === 'missing') return plan([], { kind: 'stalled', reason: 'ReferenceMissing', message: sought.message });
    if (sought.kind === 'waiting') return plan([], { kind: 'waiting', message: sought.why });
  }
  if (source.kind !== 'found') return undefined;
  const { destination, tenantId, point } = source.value;
  if ('missing' in destination) return plan([], { kind: 'stalled', ...destination.missing });
  if (key.kind === 'missing') return plan([], { kind: 'stalled', ...key.trouble });
  if (key.kind === 'absent')
    return plan([], { kind: 'stalled', reason: 'ReferenceMissing', message: 'there is no Secret with the backup key' });
  const facts = { tenantId, point, startTime: restore.status?.startTime ?? timeOf(epochMs) };
  return plan(['restore'], { kind: 'working', message: 'the Job is being started' }, facts);
}

function restored({ takenAt = '', damaged = 0 }: Pick<TenantRestoreStatus, 'takenAt' | 'damaged'>): TaskPhase {
  const lost = damaged === 0 ? '' : `; ${damaged} chunks were not in the backup`;
  return {
    kind: 'done',
    message: `everything is there as of ${takenAt}${lost}. Set spec.suspended of the Tenant to false to let people in`,
  };
}

function plan(steps: readonly RestoreStep[], phase: TaskPhase, facts: TaskFacts<TenantRestoreStatus> = {}): RestorePlan {
  return { steps, phase, facts };
}
