import assert from 'node:assert/strict';
import fc from 'fast-check';
import { apiVersion, conditionTypes, judge, tenantBackupScheduleKind, type TenantBackupScheduleSpec } from '@driftbox/resources';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { timeOf } from '../backup/task-phase.ts';
import type { TenantBackup } from '../backup/tenant-backup.ts';
import { dueTimes } from './due-times.ts';
import { createScheduleMetrics } from './schedule-metrics.ts';
import { judgeSchedule } from './schedule-health.ts';
import { planSchedule, type ScheduleObserved, type SchedulePlan } from './plan-schedule.ts';

const hourMs = 3_600_000;
const madeMs = Date.UTC(2026, 0, 1, 0, 30);
const named = (text: string): number => Date.parse(text);

function observed(spec: object = {}, seen: Partial<ScheduleObserved> = {}): ScheduleObserved {
  const sent = { tenant: 'acme', schedule: '0 * * * *', destination: { pool: 'main' }, ...spec };
  const judged = judge(tenantBackupScheduleKind, { apiVersion, kind: 'TenantBackupSchedule', metadata: { name: 'hourly' }, spec: sent });
  assert(judged.ok, JSON.stringify(judged));
  const metadata = { name: 'hourly', uid: 'u', generation: 1, creationTimestamp: timeOf(madeMs) };
  const { spec: stored } = judged.resource as { spec: TenantBackupScheduleSpec };
  const schedule = { apiVersion, kind: 'TenantBackupSchedule', metadata, spec: stored };
  return { schedule, spec: stored, faults: [], backups: [], epochMs: madeMs, ...seen };
}

function plan(at: ScheduleObserved): SchedulePlan {
  const planned = planSchedule(at);
  assert(planned !== undefined, 'it is there');
  return planned;
}

function backup(name: string, state: 'whole' | 'active' | 'stalled', atMs: number): TenantBackup {
  const stalled = { type: 'Stalled', status: 'True', reason: 'RunFailed', message: 'no answer', lastTransitionTime: '' } as const;
  const whole = { takenAt: timeOf(atMs), completionTime: timeOf(atMs + 1_000) };
  const status = { observedGeneration: 1, ...(state === 'whole' ? whole : {}), conditions: state === 'stalled' ? [stalled] : [] };
  return { apiVersion, kind: 'TenantBackup', metadata: { name, creationTimestamp: timeOf(atMs) }, spec: {}, status };
}

/** The world after a pass; what was asked for comes to the given state. */
function follow(at: ScheduleObserved, state: 'whole' | 'active' | 'stalled' = 'whole'): ScheduleObserved {
  const { create, remove, status } = plan(at);
  const left = at.backups.filter(({ metadata }) => !remove.includes(metadata.name));
  const isNew = create !== undefined && !left.some(({ metadata }) => metadata.name === create);
  const backups = isNew ? [...left, backup(create, state, at.epochMs)] : left;
  return { ...at, backups, schedule: { ...at.schedule, status } };
}

test('one backup is made for a time, and named by it', () => {
  expect(plan(observed()).create).toBeUndefined();
  const due = { ...observed(), epochMs: Date.UTC(2026, 0, 1, 1, 0, 20) };
  expect(plan(due).create).toBe('hourly-202601010100');
  const after = follow(due);
  expect(plan(after).create).toBeUndefined();
  expect(plan(after).status).toMatchObject({ lastBackup: 'hourly-202601010100', nextTime: '2026-01-01T02:00:00Z', kept: 1 });
  // A process that died before it wrote the status asks for the same again.
  expect(plan({ ...after, schedule: due.schedule }).create).toBe('hourly-202601010100');
});

test('what was missed is made once, and nothing beside one that is being made', () => {
  const later = { ...observed(), epochMs: madeMs + 50 * hourMs };
  expect(plan(later).create).toBe('hourly-202601030200');
  const busy = { ...follow(later, 'active'), epochMs: madeMs + 53 * hourMs };
  expect(plan(busy).create).toBeUndefined();
  const [active] = busy.backups;
  const ended = { ...busy, backups: [backup(active?.metadata.name ?? '', 'whole', later.epochMs)] };
  expect(plan(ended).create).toBe('hourly-202601030500');
});

test('one that failed holds nobody up, and is told of until the next is whole', () => {
  const failed = follow({ ...observed(), epochMs: madeMs + hourMs }, 'stalled');
  expect(plan(failed).status.conditions?.[0]).toMatchObject({
    status: 'False',
    reason: 'Failing',
    message: expect.stringContaining('no answer'),
  });
  const next = { ...failed, epochMs: madeMs + 2 * hourMs };
  expect(plan(next).create).toBe('hourly-202601010200');
  expect(plan(follow(next)).status.conditions?.[0]).toMatchObject({ status: 'True', reason: 'Succeeded' });
  expect(plan(follow(next)).remove).toEqual(['hourly-202601010100']);
});

test('one by which nothing was whole since the time before the last is late, until something is', () => {
  const state = (at: ScheduleObserved): string => judgeSchedule(at).state;
  const waiting = { ...observed({}, { backups: [backup('hourly-202601010100', 'active', madeMs + hourMs / 2)] }) };
  expect(state({ ...waiting, epochMs: madeMs + hourMs })).toBe('good');
  const late = { ...waiting, epochMs: madeMs + 2 * hourMs };
  expect(judgeSchedule(late)).toEqual({
    state: 'late',
    message: 'no backup is whole since 2026-01-01T00:30:00Z, and 2026-01-01T01:00:00Z was due',
  });
  expect(plan(late).status.conditions?.[0]).toMatchObject({ status: 'False', reason: 'Late' });
  expect(conditionTypes['Ready']?.reasons).toHaveProperty('Late');
  const whole = { ...late, backups: [backup('hourly-202601010100', 'whole', madeMs + hourMs)] };
  expect(state(whole)).toBe('good');
  expect(state({ ...whole, epochMs: madeMs + 3 * hourMs })).toBe('late');
  // What was deleted brings nothing back.
  const gone = whole.backups.map((one) => ({ ...one, metadata: { ...one.metadata, deletionTimestamp: timeOf(late.epochMs) } }));
  expect(state({ ...whole, backups: gone })).toBe('late');
  const paused = { 'driftbox.io/paused': 'true' };
  const held = { ...late, schedule: { ...late.schedule, metadata: { ...late.schedule.metadata, annotations: paused } } };
  expect(state(held)).toBe('held');
  expect(plan(held).status.conditions?.[0]).toMatchObject({ status: 'False', reason: 'Waiting' });
});

test('schedules are counted by how their backups are, and the worst by what would be lost', async () => {
  const failing = follow({ ...observed(), epochMs: madeMs + hourMs }, 'stalled');
  const good = follow({ ...observed(), epochMs: madeMs + hourMs });
  const held = { ...observed({ suspend: true }), epochMs: madeMs + 90 * hourMs };
  let all: ScheduleObserved[] = [good, { ...failing, epochMs: madeMs + 2 * hourMs }, held, observed({ schedule: '99 * * * *' })];
  const registry = new Registry();
  createScheduleMetrics(registry, () => all);
  const read = async (): Promise<string[]> => (await registry.metrics()).split('\n').filter((line) => line.startsWith('driftbox'));
  expect(await read()).toEqual([
    'driftbox_backup_schedules{state="good"} 1',
    'driftbox_backup_schedules{state="held"} 1',
    'driftbox_backup_schedules{state="late"} 0',
    'driftbox_backup_schedules{state="failing"} 1',
    'driftbox_backup_schedules{state="invalid"} 1',
    'driftbox_backup_exposure_seconds 7200',
  ]);
  all = [];
  expect((await read()).every((line) => line.endsWith(' 0'))).toBe(true);
});

test('a suspended one neither makes nor forgets', () => {
  const backups = [1, 2, 3].map((hour) => backup(`hourly-${hour}`, 'whole', madeMs + hour * hourMs));
  const { create, remove, status } = plan(observed({ suspend: true, keep: 1 }, { backups, epochMs: madeMs + 9 * hourMs }));
  expect({ create, remove, nextTime: status.nextTime }).toEqual({ create: undefined, remove: [], nextTime: undefined });
  expect(status.conditions?.[0]).toMatchObject({ reason: 'Suspended' });
});

test.each([
  ['99 * * * *', 'UTC'],
  ['0 0 31 2 x', 'UTC'],
  ['0 * * * *', 'Nowhere/Atlantis'],
])('%s in %s is stalled, and says why', (schedule, timeZone) => {
  const { create, status } = plan(observed({ schedule, timeZone }));
  expect(create).toBeUndefined();
  expect(status.conditions?.map(({ type, reason }) => `${type}/${reason}`)).toEqual(['Ready/Stalled', 'Stalled/InvalidSpec']);
  for (const { type, reason } of status.conditions ?? []) expect(conditionTypes[type]?.reasons).toHaveProperty(reason);
});

test('times are those of the zone, summer time included', () => {
  const times = (now: string): unknown => dueTimes('30 2 * * *', 'Europe/Berlin', named(now));
  expect(times('2026-01-10T12:00:00Z')).toEqual({
    before: named('2026-01-09T01:30:00Z'),
    last: named('2026-01-10T01:30:00Z'),
    next: named('2026-01-11T01:30:00Z'),
  });
  expect(times('2026-07-10T12:00:00Z')).toEqual({
    before: named('2026-07-09T00:30:00Z'),
    last: named('2026-07-10T00:30:00Z'),
    next: named('2026-07-11T00:30:00Z'),
  });
});

test('whenever it is looked at: each time has one backup at most, so many whole ones stay, the newest among them', () => {
  const waits = fc.array(fc.record({ minutes: fc.nat({ max: 400 }), state: fc.constantFrom('whole', 'active', 'stalled') }), {
    maxLength: 25,
  });
  fc.assert(
    fc.property(waits, fc.integer({ min: 1, max: 4 }), (all, keep) => {
      let at = observed({ keep });
      const made = new Set<string>();
      for (const { minutes, state } of all) {
        // Those that were at work have come to an end.
        const backups = at.backups.map((one) =>
          one.status?.completionTime === undefined && state !== 'stalled' ? backup(one.metadata.name, 'whole', at.epochMs) : one,
        );
        at = { ...at, backups, epochMs: at.epochMs + minutes * 60_000 };
        const { create, remove } = plan(at);
        if (create !== undefined) {
          expect(made).not.toContain(create);
          made.add(create);
        }
        const whole = backups.filter(({ status }) => status?.completionTime !== undefined).map(({ metadata }) => metadata.name);
        const left = whole.filter((name) => !remove.includes(name));
        expect(left).toHaveLength(Math.min(whole.length, keep));
        expect(left).toEqual(expect.arrayContaining(whole.toSorted().slice(-1)));
        at = follow(at, state);
      }
    }),
  );
});
