import { expect, test } from '@jest/globals';
import { officeDay } from './mixes.ts';
import { profiles, type Profile } from './profiles.ts';
import { crowdOf, phasesAfter, plannedArrivals, scenariosOf } from './scenarios.ts';
import { weightsOf } from './workloads.ts';

const profileOf = (name: string): Profile => profiles.find((one) => one.name === name)!;
type Stage = { readonly target: number; readonly duration: string };
type Scenario = { readonly executor: string; readonly startRate: number; readonly stages: readonly Stage[]; readonly startTime: string };
const scenarios = (profile: Profile, seconds: number) => scenariosOf(profile, seconds) as Record<string, Scenario>;

test('an open profile begins each workload at its part of the rate, whatever the answers do', () => {
  const open = scenarios(profileOf('load'), 60);
  expect(Object.keys(open)).toEqual([...Object.keys(officeDay), 'crowd']);
  for (const [name, weight] of weightsOf(officeDay)) {
    expect(open[name]).toMatchObject({ executor: 'ramping-arrival-rate', exec: name, startRate: Math.round(60 * 60 * weight) });
    expect(open[name]!.stages).toEqual([{ target: open[name]!.startRate, duration: '60000ms' }]);
  }
});

test('a closed profile has a step for each number of users, one after the other', () => {
  const steps = Object.values(scenarios(profileOf('stress'), 60));
  expect(steps.map(({ startTime }) => startTime)).toEqual(['0ms', '10000ms', '20000ms', '30000ms', '40000ms', '50000ms']);
  expect(steps.every(({ executor }) => executor === 'constant-vus')).toBe(true);
});

test('the stages of every open profile fill its time', () => {
  for (const { model } of profiles)
    if (model.kind === 'open') expect(model.stages.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1, 9);
});

test('arrivals are counted over slopes as over level stages', () => {
  const stages = [
    { part: 0.5, rate: 10 },
    { part: 0.5, rate: 30 },
  ];
  expect(plannedArrivals({ kind: 'open', startRate: 10, stages }, 10)).toBe(50 + 100);
});

test('devices that only wait stay for the whole time, many of them with one virtual user', () => {
  const idle = profileOf('idle-crowd');
  expect(crowdOf(idle, 60)).toEqual({ sockets: 1_000, vus: 20, seconds: 60 });
  const crowd = { executor: 'per-vu-iterations', exec: 'crowd', vus: 20, iterations: 1, maxDuration: '60000ms' };
  expect(scenarios(idle, 60)['crowd']).toMatchObject(crowd);
  expect(scenarios(profileOf('viral'), 60)).not.toHaveProperty('crowd');
});

test('a neighbour floods over the second half, and the others are compared with the first without its beginning', () => {
  const neighbour = scenarios(profileOf('noisy-neighbour'), 60);
  expect(neighbour['flood']).toMatchObject({ executor: 'constant-arrival-rate', exec: 'flood', startTime: '30000ms', duration: '30000ms' });
  expect(phasesAfter(60)).toEqual([6, 30]);
});
