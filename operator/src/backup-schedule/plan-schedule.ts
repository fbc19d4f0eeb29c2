import type { TenantBackupScheduleSpec } from '@driftbox/resources';
import { isPaused } from '../annotations.ts';
import { timeOf } from '../backup/task-phase.ts';
import type { TenantBackup } from '../backup/tenant-backup.ts';
import type { WantedCondition } from '../runtime/index.ts';
import { condition, saidStatus } from '../said-status.ts';
import { dueTimes } from './due-times.ts';
import { isStalled, isWhole, judgeSchedule, staying } from './schedule-health.ts';
import type { TenantBackupSchedule, TenantBackupScheduleStatus } from './tenant-backup-schedule.ts';

/** What is known of a TenantBackupSchedule when it is decided on. */
export type ScheduleObserved = {
  readonly schedule: TenantBackupSchedule;
  /** Absent where it breaks a rule, as `faults` say. */
  readonly spec: TenantBackupScheduleSpec | undefined;
  readonly faults: readonly string[];
  /** Those that it has made and that are there. */
  readonly backups: readonly TenantBackup[];
  readonly epochMs: number;
};

/** What a pass does, and says. */
export type SchedulePlan = {
  /** The name of the backup that is due: whoever makes it twice makes it once. */
  readonly create: string | undefined;
  /** Names of those that are forgotten. */
  readonly remove: readonly string[];
  readonly status: TenantBackupScheduleStatus;
};

/** Decides what a pass over a TenantBackupSchedule does; undefined for one that is to go: what it has made stays. */
export function planSchedule(observed: ScheduleObserved): SchedulePlan | undefined {
  const { schedule, spec, faults, epochMs } = observed;
  const { metadata, status } = schedule;
  if (metadata.deletionTimestamp !== undefined) return undefined;
  if (spec === undefined) return stalled(observed, faults.join('; '));
  const due = dueTimes(spec.schedule, spec.timeZone, epochMs);
  if ('fault' in due) return stalled(observed, due.fault);
  const backups = staying(observed);
  const active = backups.find((one) => !isWhole(one) && !isStalled(one));
  const isHeld = spec.suspend || isPaused(schedule);
  const since = Date.parse(status?.lastTime ?? metadata.creationTimestamp ?? '');
  // Times that were missed are one: the last of them.
  const isDue = !isHeld && active === undefined && due.last !== undefined && due.last > since;
  const create = isDue && due.last !== undefined ? nameFor(metadata.name, due.last) : undefined;
  const newest = backups.filter(isWhole).toSorted(byTaken);
  const made = create === undefined || due.last === undefined ? {} : { lastTime: timeOf(due.last), lastBackup: create };
  const { conditions: _, ...known } = status ?? { observedGeneration: -1 };
  const [success] = newest;
  return {
    create,
    remove: isHeld ? [] : surplus(backups, newest, spec.keep),
    status: {
      ...saidStatus(schedule, conditionsOf(observed, spec, active), epochMs),
      ...without(known),
      ...made,
      ...(due.next === undefined || isHeld ? {} : { nextTime: timeOf(due.next) }),
      ...(success?.status?.takenAt === undefined ? {} : { lastSuccess: success.status.takenAt }),
      kept: Math.min(newest.length, spec.keep),
    },
  };
}

/** The next time is said anew, or not at all. */
function without({ nextTime: _n, observedGeneration: _o, requestedAt: _r, ...rest }: TenantBackupScheduleStatus): object {
  return rest;
}

/** In UTC, so that an hour that comes twice a year has two names. */
function nameFor(schedule: string, dueMs: number): string {
  return `${schedule}-${new Date(dueMs).toISOString().slice(0, 16).replaceAll(/[-T:]/g, '')}`;
}

/** The oldest whole ones beyond those that are kept, and what failed before all that are. */
function surplus(backups: readonly TenantBackup[], newest: readonly TenantBackup[], keep: number): string[] {
  const oldest = newest[keep - 1] ?? newest.at(-1);
  const isBefore = ({ metadata }: TenantBackup): boolean =>
    oldest !== undefined && (metadata.creationTimestamp ?? '') < (oldest.metadata.creationTimestamp ?? '');
  const failed = backups.filter((one) => isStalled(one) && isBefore(one));
  return [...newest.slice(keep), ...failed].map(({ metadata }) => metadata.name);
}

function conditionsOf(
  observed: ScheduleObserved,
  { suspend }: TenantBackupScheduleSpec,
  active: TenantBackup | undefined,
): WantedCondition[] {
  const paused = isPaused(observed.schedule)
    ? [condition('Paused', 'True', 'Annotated', 'the annotation driftbox.io/paused is "true"')]
    : [];
  if (suspend) return [condition('Ready', 'False', 'Suspended', 'spec.suspend is true: no backup is made'), ...paused];
  const health = judgeSchedule(observed);
  if ('message' in health) return [condition('Ready', 'False', health.state === 'late' ? 'Late' : 'Failing', health.message), ...paused];
  if (health.state === 'held') return [condition('Ready', 'False', 'Waiting', 'it is paused: no backup is made'), ...paused];
  const message = active === undefined ? 'backups are made when they are due' : `TenantBackup ${active.metadata.name} is being made`;
  return [condition('Ready', 'True', 'Succeeded', message), ...paused];
}

function stalled({ schedule, epochMs }: ScheduleObserved, message: string): SchedulePlan {
  const { conditions: _, nextTime: _n, ...known } = schedule.status ?? { observedGeneration: -1 };
  const wanted = [condition('Ready', 'False', 'Stalled', message), condition('Stalled', 'True', 'InvalidSpec', message)];
  return { create: undefined, remove: [], status: { ...known, ...saidStatus(schedule, wanted, epochMs) } };
}

/** Newest first. */
function byTaken(a: TenantBackup, b: TenantBackup): number {
  return (a.status?.takenAt ?? '') < (b.status?.takenAt ?? '') ? 1 : -1;
}
