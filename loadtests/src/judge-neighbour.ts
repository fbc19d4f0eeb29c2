import { phases, type Phase } from '../k6/plan.ts';
import { metricsOf } from './read-summary.ts';

/** How much slower requests may be while another tenant floods the server, by percentile. */
export type SlowerAtMost = Readonly<Record<'p(95)' | 'p(99)', number>>;

/** What the flood of a neighbour made of the others' times. */
export type NeighbourEffect = {
  /** Requests of the flood that were answered, refused for coming too often, and anything else. */
  readonly served: number;
  readonly refused: number;
  readonly failed: number;
  readonly slower: readonly {
    readonly percentile: string;
    readonly aloneMs: number;
    readonly besideMs: number;
    readonly most: number;
    readonly holds: boolean;
  }[];
};

/** The metric of the times of one phase. */
export function phaseMetric(phase: Phase): string {
  return `http_req_duration{phase:${phase}}`;
}

/** Compares the times beside a flood with those before it, of the same run. What was not measured does not hold. */
export function judgeNeighbour(summary: unknown, most: SlowerAtMost): NeighbourEffect {
  const metrics = metricsOf(summary);
  const value = (metric: string, key: string): number => metrics[metric]?.values[key] ?? 0;
  const served = value('flood_served', 'count');
  const refused = value('flood_refused', 'count');
  const [, alone, beside] = phases;
  const slower = Object.entries(most).map(([percentile, times]) => {
    const aloneMs = value(phaseMetric(alone), percentile);
    const besideMs = value(phaseMetric(beside), percentile);
    const isMeasured = aloneMs > 0 && besideMs > 0 && served + refused > 0;
    return { percentile, aloneMs, besideMs, most: times, holds: isMeasured && besideMs <= aloneMs * times };
  });
  return { served, refused, failed: value('flood_failed', 'count'), slower };
}
