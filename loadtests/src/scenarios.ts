import { officeDay } from './office-day.ts';
import type { ClosedModel, OpenModel, Profile } from './profiles.ts';

/** Of how many seconds the arrivals may wait at once before a virtual user is missed; and for how many users are there from the start. */
const waitingSeconds = { most: 10, prepared: 2 };

/** What begins when the time is over still ends. */
const gracefulStop = '30s';

/** k6's scenarios for a profile that is to take `seconds`. */
export function scenariosOf({ model }: Profile, seconds: number): Record<string, object> {
  return model.kind === 'open' ? openScenarios(model, seconds) : closedScenarios(model, seconds);
}

/**
 * One scenario for each workload. k6 starts an iteration when it is due, whether or not earlier ones have ended, and one
 * iteration is one thing that somebody does: a slow answer delays no other request, so none is left out of the figures.
 */
function openScenarios({ startRate, stages }: OpenModel, seconds: number): Record<string, object> {
  const highest = Math.max(startRate, ...stages.map(({ rate }) => rate));
  const scenarios = officeDay.map(({ name, weight }) => [
    name,
    {
      executor: 'ramping-arrival-rate',
      exec: name,
      timeUnit: '1m',
      startRate: perMinute(startRate * weight),
      stages: stages.map(({ part, rate }) => ({ target: perMinute(rate * weight), duration: `${Math.round(part * seconds * 1000)}ms` })),
      preAllocatedVUs: Math.ceil(highest * weight * waitingSeconds.prepared) + 2,
      maxVUs: Math.ceil(highest * weight * waitingSeconds.most) + 2,
      gracefulStop,
    },
  ]);
  return Object.fromEntries(scenarios) as Record<string, object>;
}

/** One scenario for each step, one after the other, by whose name its figures are told apart. */
function closedScenarios({ steps }: ClosedModel, seconds: number): Record<string, object> {
  const stepMs = Math.round((seconds * 1000) / steps.length);
  const scenarios = steps.map((vus, index) => [
    stepName(vus),
    { executor: 'constant-vus', exec: 'mixed', vus, startTime: `${index * stepMs}ms`, duration: `${stepMs}ms`, gracefulStop },
  ]);
  return Object.fromEntries(scenarios) as Record<string, object>;
}

/** The scenario of a step of so many users. */
export function stepName(vus: number): string {
  return `step_${vus}`;
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
