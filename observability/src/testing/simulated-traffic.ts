import { freshness, journeys, type Journey } from '../objectives.ts';
import { requestSeconds } from '../rules/selectors.ts';
import { counterValues, type Stretch } from './counter-values.ts';
import type { Series } from './promtool.ts';

/** Requests of a journey over some minutes: so many a second, of which shares fail or are slow. */
export type Traffic = {
  readonly minutes: number;
  readonly perSecond: number;
  readonly failing?: number;
  readonly slow?: number;
};

/** The series of a journey whose requests all go by its first timed route. */
export function journeySeries(name: string, traffic: readonly Traffic[]): Series[] {
  const { speed } = journeyOf(name);
  const [timed] = speed.requests;
  const labels = `namespace="cell",service="${timed?.service ?? ''}",route="${timed?.routes?.[0] ?? 'any'}"`;
  const series = (rest: string, rate: (part: Traffic) => number): Series => ({
    series: `${requestSeconds}_${rest}`,
    values: counterValues(traffic.map((part): Stretch => ({ minutes: part.minutes, perSecond: rate(part) }))),
  });
  const good = ({ perSecond, failing = 0 }: Traffic): number => perSecond * (1 - failing);
  const bad = ({ perSecond, failing = 0 }: Traffic): number => perSecond * failing;
  const quick = (part: Traffic): number => good(part) * (1 - (part.slow ?? 0));
  return [
    series(`count{${labels},status="2xx"}`, good),
    series(`bucket{${labels},status="2xx",le="${speed.seconds}"}`, quick),
    // A failure is told quickly: it must not count as slow as well.
    ...(traffic.some(({ failing = 0 }) => failing > 0)
      ? [series(`count{${labels},status="5xx"}`, bad), series(`bucket{${labels},status="5xx",le="${speed.seconds}"}`, bad)]
      : []),
  ];
}

/** The series of events that sync heard, of which a share came late. */
export function freshnessSeries(traffic: readonly Traffic[]): Series[] {
  const series = (rest: string, rate: (part: Traffic) => number): Series => ({
    series: `${freshness.metric}_${rest}`,
    values: counterValues(traffic.map((part): Stretch => ({ minutes: part.minutes, perSecond: rate(part) }))),
  });
  return [
    series('count{namespace="cell"}', ({ perSecond }) => perSecond),
    series(`bucket{namespace="cell",le="${freshness.seconds}"}`, ({ perSecond, slow = 0 }) => perSecond * (1 - slow)),
  ];
}

function journeyOf(name: string): Journey {
  const found = journeys.find((journey) => journey.name === name);
  if (found === undefined) throw new Error(`there is no journey ${name}`);
  return found;
}
