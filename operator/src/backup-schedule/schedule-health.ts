import { isPaused } from '../annotations.ts';
import { timeOf } from '../backup/task-phase.ts';
import type { TenantBackup } from '../backup/tenant-backup.ts';
import { dueTimes } from './due-times.ts';
import type { ScheduleObserved } from './plan-schedule.ts';

/**
 * How the backups of a schedule are: `failing` where the last one gave up, `late` where none is whole since the time before the last,
 * `invalid` where it cannot be followed, `held` where somebody wants it so.
 */
export type ScheduleHealth =
  | { readonly state: 'good' | 'held' }
  | { readonly state: 'failing' | 'late' | 'invalid'; readonly message: string };

/** Everything that `ScheduleHealth` may say, the worst last. */
export const scheduleStates = ['good', 'held', 'late', 'failing', 'invalid'] as const satisfies readonly ScheduleHealth['state'][];

/** Judges the backups of a schedule, of those that are there: what was deleted brings nothing back. */
export function judgeSchedule(observed: ScheduleObserved): ScheduleHealth {
  const { schedule, spec, faults, epochMs } = observed;
  if (spec === undefined) return { state: 'invalid', message: faults.join('; ') };
  const due = dueTimes(spec.schedule, spec.timeZone, epochMs);
  if ('fault' in due) return { state: 'invalid', message: due.fault };
  if (spec.suspend || isPaused(schedule)) return { state: 'held' };
  const ended = staying(observed).filter((one) => isWhole(one) || isStalled(one));
  const latest = ended.toSorted((a, b) => (a.metadata.name < b.metadata.name ? 1 : -1))[0];
  if (latest !== undefined && isStalled(latest)) {
    const why = latest.status?.conditions?.find(({ type }) => type === 'Stalled')?.message ?? '';
    return { state: 'failing', message: `TenantBackup ${latest.metadata.name}: ${why}` };
  }
  const since = wholeSince(observed);
  if (due.before === undefined || since >= due.before) return { state: 'good' };
  return { state: 'late', message: `no backup is whole since ${timeOf(since)}, and ${timeOf(due.before)} was due` };
}

/** The moment of the newest whole backup, since which everything would be lost; when the schedule was made where there is none. */
export function wholeSince(observed: ScheduleObserved): number {
  const { schedule, epochMs } = observed;
  const taken = staying(observed).flatMap(({ status }) => (status?.completionTime === undefined ? [] : [status.takenAt ?? '']));
  const since = Date.parse(taken.toSorted().at(-1) ?? schedule.metadata.creationTimestamp ?? '');
  return Number.isNaN(since) ? epochMs : since;
}

/** Those that nobody has deleted. */
export function staying({ backups }: Pick<ScheduleObserved, 'backups'>): readonly TenantBackup[] {
  return backups.filter((one) => one.metadata.deletionTimestamp === undefined);
}

export function isWhole({ status }: TenantBackup): boolean {
  return status?.completionTime !== undefined;
}

/** It gave up, until somebody changes something. */
export function isStalled({ status }: TenantBackup): boolean {
  return status?.completionTime === undefined && status?.conditions?.some(({ type }) => type === 'Stalled') === true;
}
