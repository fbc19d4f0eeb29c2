import { journeys } from '@driftbox/observability';
import type { RouteTags } from '../k6/plan.ts';
import { officeDay } from './office-day.ts';
import type { Profile } from './profiles.ts';
import { plannedArrivals, stepsOf, type Step } from './scenarios.ts';

/** By metric, with tags in braces, what k6 judges. */
export type Thresholds = Readonly<Record<string, readonly string[]>>;

/** All routes that the workloads ask, in their order. */
export const loadedRoutes: readonly string[] = officeDay.flatMap(({ routes }) => routes);

/** The journeys that the workloads go, as the objectives have them. */
export const loadedJourneys = journeys.filter(({ requests }) => requests.some(({ routes = [] }) => routes.some(isLoaded)));

/** For which journey's availability and speed each route counts, by the objectives. */
export function routeTags(): Record<string, RouteTags> {
  const tags = loadedRoutes.map((route) => {
    const journey = loadedJourneys.find(({ requests }) => requests.some(({ routes = [] }) => routes.includes(route)));
    if (journey === undefined) throw new Error(`no objective speaks of ${route}`);
    const judged = journey.speed.requests.some(({ routes = [] }) => routes.includes(route));
    return [route, { journey: journey.name, ...(judged ? { judged: journey.name } : {}) }];
  });
  return Object.fromEntries(tags) as Record<string, RouteTags>;
}

/**
 * What k6 judges in a run of `seconds`: the objectives of every journey, arrivals that nobody was free for, and the profile's
 * own bounds, its number of requests in proportion to the time. Figures that are only to be shown get a bound that always holds,
 * because k6 reports no others by their tags.
 */
export function thresholdsOf(profile: Profile, seconds: number): Thresholds {
  const { model, judgesSpeed, minutes, requestsAtLeast, failuresAtMost } = profile;
  const judged: Record<string, readonly string[]> = {};
  for (const { name, availability, speed } of loadedJourneys) {
    judged[`http_req_failed{journey:${name}}`] = [`rate<=${rounded(1 - availability)}`];
    const bound = `p(${rounded(speed.share * 100)})<=${speed.seconds * 1000}`;
    if (judgesSpeed) judged[`http_req_duration{judged:${name}}`] = [bound];
  }
  if (judgesSpeed && model.kind === 'open') {
    const strictest = Math.max(...loadedJourneys.map(({ availability }) => availability));
    judged['dropped_iterations'] = [`count<=${Math.ceil(plannedArrivals(model, seconds) * rounded(1 - strictest))}`];
  }
  if (requestsAtLeast !== undefined) judged['http_reqs'] = [`count>=${Math.floor((requestsAtLeast * seconds) / (minutes * 60))}`];
  judged['failed_requests'] = [failuresAtMost === undefined ? 'count>=0' : `count<=${failuresAtMost}`];
  return { ...judged, ...shown(stepsOf(profile)) };
}

function shown(steps: readonly Step[]): Record<string, readonly string[]> {
  const tags = [...loadedRoutes.map((route) => `name:${route}`), ...steps.map(({ scenario }) => `scenario:${scenario}`)];
  const counts = steps.map(({ scenario }) => [`iterations{scenario:${scenario}}`, ['count>=0']]);
  return Object.fromEntries([
    ...counts,
    ...tags.flatMap((tag) => [
      [`http_req_duration{${tag}}`, ['max>=0']],
      [`http_req_failed{${tag}}`, ['rate>=0']],
      [`http_reqs{${tag}}`, ['count>=0']],
    ]),
  ]) as Record<string, readonly string[]>;
}

function isLoaded(route: string): boolean {
  return loadedRoutes.includes(route);
}

/** Without what binary fractions add: 1 - 0.999 is 0.001. */
function rounded(value: number): number {
  return Number(value.toFixed(9));
}
