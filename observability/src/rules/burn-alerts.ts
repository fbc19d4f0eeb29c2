import { burnRates, fewestFailures, type BurnRate } from '../burn-rates.ts';
import { duration, type TimeScale } from '../time-scale.ts';
import type { Alert } from './alert.ts';
import { recorded } from './record-journeys.ts';

const words = {
  Failing: { verb: 'fails', bad: recorded.failures, ratio: recorded.failureRatio, budget: recorded.failureBudget },
  Late: { verb: 'is slow', bad: recorded.slow, ratio: recorded.slowRatio, budget: recorded.slowBudget },
} as const;

/** Journeys that fail, and journeys that are slow, each at the three rates at which a budget may burn. */
export const burnAlerts: readonly Alert[] = [
  ...burnRates.map((rate) => burnAlert(rate, 'Failing')),
  ...burnRates.map((rate) => burnAlert(rate, 'Late')),
];

function burnAlert({ name, factor, longSeconds, shortSeconds, forSeconds, severity }: BurnRate, kind: keyof typeof words): Alert {
  const { verb, bad, ratio, budget } = words[kind];
  const [long, short] = [duration(longSeconds), duration(shortSeconds)];
  const beyond = (window: string): string => `${ratio(window)} > on (journey) group_left () ${factor} * ${budget}`;
  return {
    name: `DriftBoxJourney${kind}${name}`,
    // Being slow alone is for the day, unless it is so bad that nobody would wait for the answer.
    severity: kind === 'Late' && name !== 'Fast' ? 'warning' : severity,
    forSeconds,
    summary: `{{ $labels.journey }} ${verb} {{ $value | humanizePercentage }} of the time`,
    description:
      `Over ${long} and over ${short} its error budget went at least ${factor} times as fast as it may. ` +
      `At this rate a month's budget is gone in ${duration((30 * 86_400) / Math.ceil(factor))}.`,
    expr: (scale: TimeScale) =>
      [`(${beyond(long)})`, `(${beyond(short)})`, `(${bad(long)} * ${scaledSeconds(longSeconds, scale)} >= ${fewestFailures})`].join(
        '\n  and on (namespace, journey) ',
      ),
  };
}

function scaledSeconds(seconds: number, { divisor }: TimeScale): number {
  return seconds / divisor;
}
