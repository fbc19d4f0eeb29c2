import { Gauge, type Registry } from 'prom-client';
import { sharedMetric } from './shared-metric.ts';

/** One series of a gauge: what it is now, under its labels. */
type Series<L extends string> = readonly [labels: Readonly<Record<L, string>>, value: number];
type Source = () => Promise<readonly Series<string>[]>;

type GaugeOptions<L extends string> = {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly L[];
  /** What series of several sources are together that have the same labels; default their sum. */
  readonly together?: 'sum' | 'most';
};

const sourcesOf = new WeakMap<Gauge, Source[]>();

/**
 * Has a gauge ask `source` for its series at each scrape, besides the sources that it has already. One that fails is missing from that
 * scrape and hides no other.
 */
export function readAtScrape<L extends string>(
  registry: Registry,
  { name, help, labelNames, together = 'sum' }: GaugeOptions<L>,
  source: () => readonly Series<L>[] | Promise<readonly Series<L>[]>,
): void {
  const gauge = sharedMetric(registry, name, () => {
    const made: Gauge = new Gauge({ name, help, labelNames, registers: [registry], collect: () => collect(made, together === 'sum') });
    sourcesOf.set(made, []);
    return made;
  });
  sourcesOf.get(gauge)?.push(async () => source());
}

async function collect(gauge: Gauge, isSum: boolean): Promise<void> {
  const read = await Promise.all((sourcesOf.get(gauge) ?? []).map((source) => source().catch(() => [])));
  const values = new Map<string, Series<string>>();
  for (const [labels, value] of read.flat()) {
    const key = JSON.stringify(labels);
    const before = values.get(key)?.[1] ?? 0;
    values.set(key, [labels, isSum ? before + value : Math.max(before, value)]);
  }
  gauge.reset();
  for (const [labels, value] of values.values()) gauge.set(labels, value);
}

/**
 * Reads once for all who ask at the same time, as the gauges of one scrape do, and for who asks within `keepMs` afterwards. A failure is
 * told to those alone who wait for it.
 */
export function readTogether<T>(read: () => T | Promise<T>, keepMs = 0): () => Promise<T> {
  let reading: Promise<T> | undefined;
  let untilMs = Infinity;
  return () => {
    if (reading !== undefined && performance.now() < untilMs) return reading;
    untilMs = Infinity;
    const asked = (async () => read())();
    reading = asked;
    asked.then(
      () => (untilMs = performance.now() + keepMs),
      () => (untilMs = 0),
    );
    return asked;
  };
}
