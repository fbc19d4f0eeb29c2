import type { Crowd, Neighbour } from '../k6/plan.ts';
import type { NeighbourFlood, OpenModel, Profile } from './profiles.ts';
import { weightsOf, type Mix } from './workloads.ts';

/** A stretch of a closed profile, of which the figures are told apart; `from` and `to` are parts of the whole time. */
export type Step = {
  /** For people. */
  readonly name: string;
  /** k6's name for it. */
  readonly scenario: string;
  /** The function of `k6/main.ts` that its users go through again and again. */
  readonly exec: string;
  readonly users: number;
  readonly from: number;
  readonly to: number;
};

/** The steps of a profile, one after the other; an open one has none. */
export function stepsOf({ model, mix }: Profile): readonly Step[] {
  if (model.kind === 'open') return [];
  if (model.kind === 'closed') {
    const { steps } = model;
    return steps.map((users, index) => ({
      name: `users: ${users}`,
      scenario: `step_${users}`,
      exec: 'mixed',
      users,
      from: index / steps.length,
      to: (index + 1) / steps.length,
    }));
  }
  // The first part belongs to nobody.
  const weights = weightsOf(mix);
  const parts = weights.length + 1;
  return weights.map(([name], index) => ({
    name,
    scenario: `only_${name}`,
    exec: name,
    users: model.users,
    from: (index + 1) / parts,
    to: (index + 2) / parts,
  }));
}

/** Of how many seconds the arrivals may wait at once before a virtual user is missed; and for how many users are there from the start. */
const waitingSeconds = { most: 10, prepared: 2 };

/** Sockets of one virtual user. */
const socketsOfOne = 50;

/** What begins when the time is over still ends. */
const gracefulStop = '30s';

/** k6's scenarios for a profile that is to take `seconds`. */
export function scenariosOf(profile: Profile, seconds: number): Record<string, object> {
  const { model, mix, sockets, neighbour } = profile;
  const busy = {
    ...(model.kind === 'open' ? openScenarios(model, mix, seconds) : closedScenarios(stepsOf(profile), seconds)),
    ...(neighbour === undefined ? {} : { flood: floodScenario(neighbour, seconds) }),
  };
  if (sockets === 0) return busy;
  const { vus } = crowdOf(profile, seconds);
  return { ...busy, crowd: { executor: 'per-vu-iterations', exec: 'crowd', vus, iterations: 1, maxDuration: ms(seconds), gracefulStop } };
}

/** When a run beside a neighbour has begun to be compared, and when the flood begins. */
export function phasesAfter(seconds: number): Neighbour['phaseAfterSeconds'] {
  return [seconds / 10, seconds / 2];
}

function floodScenario({ rate }: NeighbourFlood, seconds: number): object {
  const [, beside] = phasesAfter(seconds);
  const users = { preAllocatedVUs: Math.ceil(rate / 4), maxVUs: rate };
  return {
    executor: 'constant-arrival-rate',
    exec: 'flood',
    rate,
    startTime: ms(beside),
    duration: ms(seconds - beside),
    ...users,
    gracefulStop,
  };
}

/** The devices of a profile that only wait: one virtual user holds many sockets, because it costs k6 far more than a socket does. */
export function crowdOf({ sockets }: Profile, seconds: number): Crowd {
  return { sockets, vus: Math.ceil(sockets / socketsOfOne), seconds };
}

/**
 * One scenario for each workload. k6 starts an iteration when it is due, whether or not earlier ones have ended, and one
 * iteration is one thing that somebody does: a slow answer delays no other request, so none is left out of the figures.
 */
function openScenarios({ startRate, stages }: OpenModel, mix: Mix, seconds: number): Record<string, object> {
  const highest = Math.max(startRate, ...stages.map(({ rate }) => rate));
  const scenarios = weightsOf(mix).map(([name, weight]) => [
    name,
    {
      executor: 'ramping-arrival-rate',
      exec: name,
      timeUnit: '1m',
      startRate: perMinute(startRate * weight),
      stages: stages.map(({ part, rate }) => ({ target: perMinute(rate * weight), duration: ms(part * seconds) })),
      preAllocatedVUs: Math.ceil(highest * weight * waitingSeconds.prepared) + 2,
      maxVUs: Math.ceil(highest * weight * waitingSeconds.most) + 2,
      gracefulStop,
    },
  ]);
  return Object.fromEntries(scenarios) as Record<string, object>;
}

/** One scenario for each step, by whose name its figures are told apart. */
function closedScenarios(steps: readonly Step[], seconds: number): Record<string, object> {
  const scenarios = steps.map(({ scenario, exec, users, from, to }) => [
    scenario,
    { executor: 'constant-vus', exec, vus: users, startTime: ms(from * seconds), duration: ms((to - from) * seconds), gracefulStop },
  ]);
  return Object.fromEntries(scenarios) as Record<string, object>;
}

function ms(seconds: number): string {
  return `${Math.round(seconds * 1000)}ms`;
}

function perMinute(perSecond: number): number {
  return Math.round(perSecond * 60);
}

/** Things that are to be begun over an open profile's time. */
export function plannedArrivals({ startRate, stages }: OpenModel, seconds: number): number {
  let before = startRate;
  let arrivals = 0;
  for (const { part, rate } of stages) {
    arrivals += ((before + rate) / 2) * part * seconds;
    before = rate;
  }
  return Math.round(arrivals);
}
