import { tenantBackupScheduleKind, type TenantBackupScheduleSpec } from '@driftbox/resources';
import { newBackup } from '../backup/new-backup.ts';
import { backupResource, type TenantBackup } from '../backup/tenant-backup.ts';
import type { Registry } from 'prom-client';
import { judgedSpec } from '../judged-spec.ts';
import type { Follow, Following, KindParts } from '../kind-parts.ts';
import { Cache, Controller, expectOk, keyOf, type ControllerOptions, type Reconcile, type Reconciled } from '../runtime/index.ts';
import { sayStatus } from '../say-status.ts';
import { tracePass } from '../trace-pass.ts';
import { planSchedule, type ScheduleObserved } from './plan-schedule.ts';
import { createScheduleMetrics } from './schedule-metrics.ts';
import { scheduleLabel, scheduleManager, scheduleResource, type TenantBackupSchedule } from './tenant-backup-schedule.ts';

type ScheduleParts = KindParts & { readonly wallMs: () => number; readonly registry: Registry };
type Caches = {
  readonly schedules: Pick<Cache<TenantBackupSchedule>, 'get' | 'list'>;
  readonly backups: Pick<Cache<TenantBackup, 'schedule'>, 'find'>;
};

/** At the latest after so long: a clock may have been set. */
const longestWaitMs = 60_000;

/** What looks after TenantBackupSchedules: it follows them and what they have made. */
export function createSchedules(
  parts: ScheduleParts,
  follow: Follow,
  control: (name: string) => Omit<ControllerOptions, 'reconcile'>,
): { readonly controller: Controller; readonly reflectors: readonly Following[] } {
  const schedules = new Cache<TenantBackupSchedule>();
  const backups = new Cache<TenantBackup, 'schedule'>({ schedule: scheduleOf });
  const caches = { schedules, backups };
  createScheduleMetrics(parts.registry, () => schedules.list().map((one) => observeSchedule(one, caches, parts.wallMs())));
  const reconcile = tracePass('TenantBackupSchedule', reconcileSchedule(parts, caches));
  const controller = new Controller({ ...control('tenantbackupschedule'), reconcile });
  const reflectors = [
    follow<TenantBackupSchedule, never>({
      kind: scheduleResource,
      cache: schedules,
      onChange: ({ type, object }) => controller.add(keyOf(object.metadata), type === 'added' ? 'low' : 'normal'),
    }),
    follow<TenantBackup, 'schedule'>({
      kind: backupResource,
      cache: backups,
      onChange: ({ object }) => scheduleOf(object).forEach((name) => controller.add(keyOf({ name }))),
    }),
  ];
  return { controller, reflectors };
}

function scheduleOf({ metadata }: TenantBackup): string[] {
  const name = metadata.labels?.[scheduleLabel];
  return name === undefined ? [] : [name];
}

function observeSchedule(schedule: TenantBackupSchedule, { backups }: Caches, epochMs: number): ScheduleObserved {
  const judged = judgedSpec<TenantBackupScheduleSpec>(tenantBackupScheduleKind, schedule);
  const made = backups.find('schedule', schedule.metadata.name);
  const base = { schedule, backups: made, epochMs };
  return judged.ok ? { ...base, spec: judged.spec, faults: [] } : { ...base, spec: undefined, faults: judged.faults };
}

function reconcileSchedule(parts: ScheduleParts, caches: Caches): Reconcile {
  const { api, wallMs } = parts;
  return async (key, { signal }): Promise<Reconciled> => {
    const schedule = caches.schedules.get(key);
    if (schedule === undefined) return { kind: 'gone' };
    const observed = observeSchedule(schedule, caches, wallMs());
    const plan = planSchedule(observed);
    if (plan === undefined) return { kind: 'gone' };
    if (plan.create !== undefined && observed.spec !== undefined) {
      const { tenant, destination, keySecret } = observed.spec;
      const labels = { ...schedule.metadata.labels, [scheduleLabel]: schedule.metadata.name };
      const backup = newBackup(plan.create, { labels }, { tenant, destination, keySecret, deletionPolicy: 'Delete' });
      const made = await api.create(backupResource, backup, { signal });
      if (made.kind !== 'alreadyExists') expectOk(made, `making the TenantBackup ${plan.create}`);
    }
    for (const name of plan.remove) {
      const gone = await api.delete(backupResource, { name }, { signal });
      if (gone.kind !== 'notFound') expectOk(gone, `removing the TenantBackup ${name}`);
    }
    await sayStatus({ ...parts, kind: scheduleResource, manager: scheduleManager }, schedule, plan.status, signal);
    const { nextTime } = plan.status;
    if (nextTime === undefined) return { kind: 'settled' };
    return { kind: 'again', afterMs: Math.min(longestWaitMs, Math.max(1_000, Date.parse(nextTime) - wallMs() + 500)) };
  };
}
