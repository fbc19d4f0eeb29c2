import { Gauge, type Registry } from 'prom-client';
import { judgeSchedule, scheduleStates, wholeSince } from './schedule-health.ts';
import type { ScheduleObserved } from './plan-schedule.ts';

/**
 * Registers what is told of TenantBackupSchedules: counted whenever somebody reads it, so that it is true while passes fail, and of a
 * process that only stands by.
 */
export function createScheduleMetrics(registry: Registry, schedules: () => readonly ScheduleObserved[]): void {
  const registers = [registry];
  new Gauge({
    name: 'driftbox_backup_schedules',
    help: 'TenantBackupSchedules by how their backups are; late: none whole since the time before the last, failing: the last one gave up',
    labelNames: ['state'],
    registers,
    collect() {
      const states = schedules().map((one) => judgeSchedule(one).state);
      for (const state of scheduleStates) this.set({ state }, states.filter((one) => one === state).length);
    },
  });
  new Gauge({
    name: 'driftbox_backup_exposure_seconds',
    help: 'What would be lost, of the worst schedule that is not held: seconds since the moment of its newest whole backup',
    registers,
    collect() {
      const counted = schedules().filter((one) => judgeSchedule(one).state !== 'held');
      this.set(Math.max(0, ...counted.map((one) => (one.epochMs - wholeSince(one)) / 1_000)));
    },
  });
}
