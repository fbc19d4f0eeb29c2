import { windowsSeconds } from '../burn-rates.ts';
import { freshness, journeys, type Journey } from '../objectives.ts';
import { duration, type TimeScale } from '../time-scale.ts';
import type { RecordingRule } from './rule.ts';
import { rateOf, within } from './selectors.ts';

/** Windows up to an hour are read from the series themselves; longer ones from what the shortest has recorded, which is cheaper. */
const longestRawSeconds = 3_600;

/** Names of what is recorded of every journey; `window` is one of those that alerts look at, in true time, whatever the scale. */
export const recorded = {
  requests: (window: string) => `driftbox:journey_requests:rate${window}`,
  failures: (window: string) => `driftbox:journey_failures:rate${window}`,
  failureRatio: (window: string) => `driftbox:journey_failures:ratio_rate${window}`,
  timed: (window: string) => `driftbox:journey_timed:rate${window}`,
  slow: (window: string) => `driftbox:journey_slow:rate${window}`,
  slowRatio: (window: string) => `driftbox:journey_slow:ratio_rate${window}`,
  failureBudget: 'driftbox:journey_failures:budget',
  slowBudget: 'driftbox:journey_slow:budget',
} as const;

/** Shares as people write them: 0.001, not 0.0010000000000000009. */
export function budgetOf(share: number): number {
  return Number((1 - share).toPrecision(6));
}

/** Everything that dashboards and alerts read of journeys, so that both read the same. */
export function recordJourneys(scale: TimeScale): readonly RecordingRule[] {
  const raw = windowsSeconds.filter((seconds) => seconds <= longestRawSeconds);
  return [
    ...journeys.map(({ name, availability }) => constant(recorded.failureBudget, name, budgetOf(availability))),
    ...[...journeys.map(({ name, speed }) => ({ name, ...speed })), { name: 'freshness', ...freshness }].map(({ name, share }) =>
      constant(recorded.slowBudget, name, budgetOf(share)),
    ),
    ...raw.flatMap((seconds) => rates(duration(seconds), duration(seconds, scale))),
    ...windowsSeconds.filter((seconds) => seconds > longestRawSeconds).flatMap((seconds) => averages(seconds, scale)),
    ...windowsSeconds.map((seconds) => duration(seconds)).flatMap(ratios),
  ];
}

function constant(record: string, journey: string, value: number): RecordingRule {
  return { record, labels: { journey }, expr: `vector(${value})` };
}

function rates(window: string, range: string): RecordingRule[] {
  return [...journeys.flatMap((journey) => ratesOf(journey, window, range)), ...ratesOfFreshness(window, range)];
}

function ratesOf({ name, requests, speed }: Journey, window: string, range: string): RecordingRule[] {
  const labels = { journey: name };
  const all = rateOf('count', requests, range);
  const timed = rateOf('count', speed.requests, range);
  return [
    { record: recorded.requests(window), labels, expr: all },
    // Where nothing has ever failed there is no such series yet.
    { record: recorded.failures(window), labels, expr: `${rateOf('count', requests, range, ',status="5xx"')} or ${all} * 0` },
    { record: recorded.timed(window), labels, expr: timed },
    { record: recorded.slow(window), labels, expr: `${timed} - ${rateOf('bucket', speed.requests, range, within(speed.seconds))}` },
  ];
}

function ratesOfFreshness(window: string, range: string): RecordingRule[] {
  const labels = { journey: 'freshness' };
  const rate = (suffix: string): string => `sum by (namespace) (rate(${freshness.metric}${suffix}[${range}]))`;
  const fresh = `_bucket{${within(freshness.seconds).slice(1)}}`;
  return [
    { record: recorded.timed(window), labels, expr: rate('_count') },
    { record: recorded.slow(window), labels, expr: `${rate('_count')} - ${rate(fresh)}` },
  ];
}

function averages(seconds: number, scale: TimeScale): RecordingRule[] {
  const shortest = duration(windowsSeconds[0] ?? 0);
  const window = duration(seconds);
  return [recorded.requests, recorded.failures, recorded.timed, recorded.slow].map((nameOf) => ({
    record: nameOf(window),
    expr: `avg_over_time(${nameOf(shortest)}[${duration(seconds, scale)}])`,
  }));
}

function ratios(window: string): RecordingRule[] {
  return [
    { record: recorded.failureRatio(window), expr: `${recorded.failures(window)} / (${recorded.requests(window)} > 0)` },
    { record: recorded.slowRatio(window), expr: `${recorded.slow(window)} / (${recorded.timed(window)} > 0)` },
  ];
}
