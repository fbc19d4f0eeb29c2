import { isAbandoned, isPaused } from '../annotations.ts';
import type { BackupObserved } from './backup-observed.ts';
import {
  endingStill,
  failedBefore,
  followJob,
  isOwn,
  timeOf,
  workedOn,
  type TaskFacts,
  type TaskPhase,
  type TaskPlan,
} from './task-phase.ts';
import { backupFinalizer, type TenantBackupStatus } from './tenant-backup.ts';

/** One step of a pass over a TenantBackup. */
export type BackupStep = 'protect' | 'makeKey' | 'create' | 'remove' | 'clear' | 'unprotect';

/** What a pass does; undefined where there is nothing left to look after. */
export type BackupPlan = TaskPlan<BackupStep, TenantBackupStatus> | undefined;

/** So long removing a point is tried. Then the object goes, and an event tells what is left. */
export const longestRemovalMs = 60 * 60_000;

/** Decides what a pass over a TenantBackup does. */
export function planBackup(observed: BackupObserved): BackupPlan {
  const { backup, job } = observed;
  const { metadata, status } = backup;
  const isProtected = metadata.finalizers?.includes(backupFinalizer) === true;
  if (metadata.deletionTimestamp !== undefined) return isProtected ? planRemoval(observed) : undefined;
  if (isPaused(backup)) return plan([], { kind: 'paused' });
  // It is made once: whatever happens to the tenant or the spec since.
  if (status?.completionTime !== undefined) return plan(isOwn(job) ? ['clear'] : [], whole(status));
  if (observed.spec === undefined) return plan([], { kind: 'stalled', reason: 'InvalidSpec', message: observed.faults.join('; ') });
  if (!isProtected) return plan(['protect'], { kind: 'working', message: 'it is being looked at' });
  const followed = followJob(backup, job);
  if (followed === undefined) return planStart(observed);
  if ('phase' in followed) return plan(followed.steps, followed.phase);
  const { id, ...figures } = followed.done;
  const facts = { ...figures, point: id, completionTime: timeOf(observed.epochMs) } as TaskFacts<TenantBackupStatus>;
  return plan(['clear'], whole(facts), facts);
}

/** What is to be there before a Job starts. */
function planStart({ backup, tenant, key, destination, epochMs }: BackupObserved): BackupPlan {
  const { status } = backup;
  const failed = failedBefore(backup);
  if (failed !== undefined) return plan([], failed);
  if (key.kind === 'missing') return plan([], { kind: 'stalled', ...key.trouble });
  if ('missing' in destination) return plan([], { kind: 'stalled', ...destination.missing });
  if (tenant.kind === 'missing') return plan([], { kind: 'stalled', reason: 'ReferenceMissing', message: tenant.message });
  if (tenant.kind === 'waiting') return plan([], { kind: 'waiting', message: tenant.why });
  if (key.kind === 'absent') return plan(['makeKey'], { kind: 'working', message: 'the backup key is being made' });
  // Written before anything is begun: it says where to look for what may have to be removed.
  const facts = {
    tenantId: tenant.tenantId,
    startTime: status?.startTime ?? timeOf(epochMs),
    tenantManifest: status?.tenantManifest ?? tenant.manifest,
  };
  return plan(status?.tenantId === undefined ? [] : ['create'], { kind: 'working', message: 'the Job is being started' }, facts);
}

/** One that is to go takes its point along, if it says so; it does not wait for ever for a bucket that does not answer. */
function planRemoval(observed: BackupObserved): BackupPlan {
  const { backup, spec, job, epochMs } = observed;
  const { deletionTimestamp = '' } = backup.metadata;
  if (isPaused(backup)) return plan([], { kind: 'paused' });
  const clear: readonly BackupStep[] = isOwn(job) && job.kind !== 'ending' ? ['clear'] : [];
  const isLate = epochMs - Date.parse(deletionTimestamp) > longestRemovalMs;
  const leaves = isAbandoned(backup) || spec?.deletionPolicy !== 'Delete' || backup.status?.tenantId === undefined || isLate;
  if (leaves) return plan([...clear, 'unprotect'], { kind: 'retaining', message: 'its point stays where it is' });
  const going = (steps: readonly BackupStep[], message: string): BackupPlan => plan(steps, { kind: 'removing', message });
  if (job.kind === 'others') return going([], workedOn(job.who));
  if (job.kind === 'ending') return going([], endingStill);
  if (isOwn(job)) {
    if (job.task !== 'remove') return going(clear, 'the Job that makes it is being ended');
    if (job.kind === 'running') return going([], 'its point is being removed');
    return job.kind === 'failed' ? going(clear, `${job.why}. ${givingUp}`) : going(['clear', 'unprotect'], 'its point is removed');
  }
  const { destination, key } = observed;
  const trouble = 'missing' in destination ? destination.missing : key.kind === 'missing' ? key.trouble : undefined;
  if (trouble !== undefined) return going([], `${trouble.message}. ${givingUp}`);
  return going(key.kind === 'absent' ? ['unprotect'] : ['remove'], 'its point is being removed');
}

const givingUp =
  'It is tried for an hour; then this object goes, and the point stays. Annotate driftbox.io/abandon with its uid to let it go now';

function whole({ takenAt = '', damaged = 0 }: Pick<TenantBackupStatus, 'takenAt' | 'damaged'>): TaskPhase {
  const lost = damaged === 0 ? '' : `; ${damaged} chunks are not in it, which the tenant itself cannot read any more (driftbox admin fsck)`;
  return { kind: 'done', message: `it is whole, as of ${takenAt}${lost}` };
}

function plan(steps: readonly BackupStep[], phase: TaskPhase, facts: TaskFacts<TenantBackupStatus> = {}): BackupPlan {
  return { steps, phase, facts };
}
