import type { Step } from './scenarios.ts';

/** Figures of requests alike; times in milliseconds. */
export type Figures = {
  readonly name: string;
  readonly requests: number;
  readonly perSecond: number;
  /** The share that failed. */
  readonly failed: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
};

/** Figures of a step, and how many things its users did. */
export type StepFigures = Figures & { readonly users: number; readonly operations: number; readonly operationsPerSecond: number };

/** One bound, and whether it held. */
export type Verdict = { readonly metric: string; readonly bound: string; readonly holds: boolean };

/** What became of sockets: of those that only waited, and of devices that were woken up. */
export type HintFigures = {
  readonly opened: number;
  /** Closed before the end, by whomever. */
  readonly lost: number;
  readonly heard: number;
  /** From the answer to a commit until its hint came. */
  readonly delayP50Ms: number | undefined;
  readonly delayP99Ms: number | undefined;
};

/** What k6 found out. */
export type Results = {
  /** How long it ran. */
  readonly seconds: number;
  readonly requests: number;
  readonly failures: number;
  /** Arrivals that were due and found nobody free. */
  readonly missed: number;
  /** Content of versions that were acknowledged, of which nothing was sent because it was there already. */
  readonly savedBytes?: number;
  readonly hints?: HintFigures;
  readonly routes: readonly Figures[];
  /** Of a closed profile, in their order. */
  readonly steps: readonly StepFigures[];
  readonly verdicts: readonly Verdict[];
};

type Metric = {
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
};
type Summary = { readonly state: { readonly testRunDurationMs: number }; readonly metrics: Readonly<Record<string, Metric>> };

/** Bounds that are there only so that k6 reports the figure. */
const always = /^(?:max|rate|count)>=0$/;

/** The metrics of what k6 hands to `handleSummary`, by name. */
export function metricsOf(summary: unknown): Readonly<Record<string, Metric>> {
  return (summary as Summary).metrics;
}

/** Reads what k6 hands to `handleSummary`. */
export function readSummary(summary: unknown, routes: readonly string[], steps: readonly Step[]): Results {
  const { state, metrics } = summary as Summary;
  const value = (metric: string, key: string): number => metrics[metric]?.values[key] ?? 0;
  const seconds = state.testRunDurationMs / 1000;
  const figures = (name: string, tag: string, ofSeconds: number): Figures => ({
    name,
    requests: value(`http_reqs{${tag}}`, 'count'),
    perSecond: value(`http_reqs{${tag}}`, 'count') / ofSeconds,
    failed: value(`http_req_failed{${tag}}`, 'rate'),
    p50Ms: value(`http_req_duration{${tag}}`, 'med'),
    p95Ms: value(`http_req_duration{${tag}}`, 'p(95)'),
    p99Ms: value(`http_req_duration{${tag}}`, 'p(99)'),
  });
  return {
    seconds,
    requests: value('http_reqs', 'count'),
    failures: value('failed_requests', 'count'),
    missed: value('dropped_iterations', 'count'),
    savedBytes: value('saved_bytes', 'count'),
    hints: {
      opened: value('sockets_opened', 'count'),
      lost: value('sockets_lost', 'count'),
      heard: value('hints_heard', 'count'),
      delayP50Ms: metrics['hint_delay']?.values['med'],
      delayP99Ms: metrics['hint_delay']?.values['p(99)'],
    },
    routes: routes.map((route) => figures(route, `name:${route}`, seconds)),
    steps: steps.map(({ name, scenario, users, from, to }) => {
      const ofSeconds = (to - from) * seconds;
      const operations = value(`iterations{scenario:${scenario}}`, 'count');
      return { users, operations, operationsPerSecond: operations / ofSeconds, ...figures(name, `scenario:${scenario}`, ofSeconds) };
    }),
    verdicts: Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
      Object.entries(thresholds)
        .filter(([bound]) => !always.test(bound))
        .map(([bound, { ok }]) => ({ metric, bound, holds: ok })),
    ),
  };
}
