import { tenantBackupScheduleKind, type TenantBackupScheduleSpec } from '@driftbox/resources';
import { newBackup } from '../backup/new-backup.ts';
import { backupResource, type TenantBackup } from '../backup/tenant-backup.ts';
import { judgedSpec } from '../judged-spec.ts';
import type { Follow, Following, KindParts } from '../kind-parts.ts';
import { Cache, Controller, expectOk, keyOf, type ControllerOptions, type Reconcile, type Reconciled } from '../runtime/index.ts';
import { sayStatus } from '../say-status.ts';
import { tracePass } from '../trace-pass.ts';
import { planSchedule, type ScheduleObserved } from './plan-schedule.ts';
import { scheduleLabel, scheduleManager, scheduleResource, type TenantBackupSchedule } from './tenant-backup-schedule.ts';

type ScheduleParts = KindParts & { readonly wallMs: () => number };
type Caches = {
  readonly schedules: Pick<Cache<TenantBackupSchedule>, 'get'>;
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
  const reconcile = tracePass('TenantBackupSchedule', reconcileSchedule(parts, { schedules, backups }));
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

function reconcileSchedule(parts: ScheduleParts, { schedules, backups }: Caches): Reconcile {
  const { api, wallMs } = parts;
  return async (key, { signal }): Promise<Reconciled> => {
    const schedule = schedules.get(key);
    if (schedule === undefined) return { kind: 'gone' };
    const judged = judgedSpec<TenantBackupScheduleSpec>(tenantBackupScheduleKind, schedule);
    const observed: ScheduleObserved = {
      schedule,
      spec: judged.ok ? judged.spec : undefined,
      faults: judged.ok ? [] : judged.faults,
      backups: backups.find('schedule', schedule.metadata.name),
      epochMs: wallMs(),
    };
    const plan = planSchedule(observed);
    if (plan === undefined) return { kind: 'gone' };
    if (plan.create !== undefined && judged.ok) {
      const { tenant, destination, keySecret } = judged.spec;
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
