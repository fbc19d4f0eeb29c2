import { freshness, journeys, type Requests } from '@driftbox/observability';
import { routes } from '@driftbox/protocol';
import { phases, type RouteTags } from '../k6/plan.ts';
import { phaseMetric } from './judge-neighbour.ts';
import type { Profile } from './profiles.ts';
import { plannedArrivals, stepsOf, type Step } from './scenarios.ts';
import { routesOf, type Mix } from './workloads.ts';

/** By metric, with tags in braces, what k6 judges. */
export type Thresholds = Readonly<Record<string, readonly string[]>>;

type RouteName = keyof typeof routes;

/** Routes that no objective speaks of count here: none of them may fail more often than the strictest objective allows. */
const otherJourney = 'other';
const strictestAvailability = Math.max(...journeys.map(({ availability }) => availability));

/** For which journey's availability and speed each route of a mix counts, by the objectives. */
export function routeTags(mix: Mix): Readonly<Record<string, RouteTags>> {
  const tags = routesOf(mix).map((route) => {
    const journey = journeys.find(({ requests }) => counts(requests, route));
    if (journey === undefined) return [route, { journey: otherJourney }];
    const { requests, withoutNetwork = [] } = journey.speed;
    return [route, { journey: journey.name, ...(counts([...requests, ...withoutNetwork], route) ? { judged: journey.name } : {}) }];
  });
  return Object.fromEntries(tags) as Record<string, RouteTags>;
}

/**
 * What k6 judges in a run of `seconds`: the objectives of every journey of the profile's mix, arrivals that nobody was free for, and
 * the profile's own bounds, its number of requests in proportion to the time. Figures that are only to be shown get a bound that
 * always holds, because k6 reports no others by their tags.
 */
export function thresholdsOf(profile: Profile, seconds: number): Thresholds {
  const { model, mix, sockets, restarts, neighbour, judgesSpeed, minutes, requestsAtLeast, failuresAtMost } = profile;
  const judged: Record<string, readonly string[]> = {};
  const loaded = new Set(Object.values(routeTags(mix)).map(({ journey }) => journey));
  for (const { name, availability, speed } of journeys.filter((one) => loaded.has(one.name))) {
    judged[`http_req_failed{journey:${name}}`] = [failedAtMost(availability)];
    const bound = `p(${rounded(speed.share * 100)})<=${speed.seconds * 1000}`;
    if (judgesSpeed) judged[`http_req_duration{judged:${name}}`] = [bound];
  }
  if (loaded.has(otherJourney)) judged[`http_req_failed{journey:${otherJourney}}`] = [failedAtMost(strictestAvailability)];
  if (judgesSpeed && model.kind === 'open') {
    const missed = plannedArrivals(model, seconds) * rounded(1 - strictestAvailability);
    judged['dropped_iterations'] = [`count<=${Math.ceil(missed)}`];
  }
  if (requestsAtLeast !== undefined) judged['http_reqs'] = [`count>=${Math.floor((requestsAtLeast * seconds) / (minutes * 60))}`];
  judged['failed_requests'] = [failuresAtMost === undefined ? 'count>=0' : `count<=${failuresAtMost}`];
  if ('wake' in mix) judged['hint_delay'] = [judgesSpeed ? `p(${rounded(freshness.share * 100)})<=${freshness.seconds * 1000}` : 'max>=0'];
  if (neighbour !== undefined) for (const phase of phases) judged[phaseMetric(phase)] = ['max>=0'];
  if (sockets > 0) {
    judged['sockets_opened'] = [`count>=${sockets}`];
    // A service that stops tells its sockets to come again.
    judged['sockets_lost'] = [restarts === true ? 'count>=0' : `count<=${Math.ceil(sockets * rounded(1 - strictestAvailability))}`];
  }
  return { ...judged, ...shown(routesOf(mix), stepsOf(profile)) };
}

function shown(names: readonly string[], steps: readonly Step[]): Record<string, readonly string[]> {
  const tags = [...names.map((route) => `name:${route}`), ...steps.map(({ scenario }) => `scenario:${scenario}`)];
  const iterations = steps.map(({ scenario }) => [`iterations{scenario:${scenario}}`, ['count>=0']]);
  return Object.fromEntries([
    ...iterations,
    ...tags.flatMap((tag) => [
      [`http_req_duration{${tag}}`, ['max>=0']],
      [`http_req_failed{${tag}}`, ['rate>=0']],
      [`http_reqs{${tag}}`, ['count>=0']],
    ]),
  ]) as Record<string, readonly string[]>;
}

function counts(requests: readonly Requests[], route: RouteName): boolean {
  return requests.some(({ service, routes: names }) => service === routes[route].service && (names?.includes(route) ?? true));
}

function failedAtMost(availability: number): string {
  return `rate<=${rounded(1 - availability)}`;
}

/** Without what binary fractions add: 1 - 0.999 is 0.001. */
function rounded(value: number): number {
  return Number(value.toFixed(9));
}
