import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Priority } from './ready-keys.ts';

/** What is read of a queue when metrics are asked for. */
export type QueueState = {
  readonly depth: (priority: Priority) => number;
  readonly workingSinceMs: () => readonly number[];
  readonly nowMs: () => number;
};

/** What a queue reports as it happens. */
export type QueueRecorder = { added(): void; taken(waitedMs: number): void; worked(tookMs: number): void; retried(): void };

/** Makes the recorder of one queue. */
export type MeasureQueue = (state: QueueState) => QueueRecorder;

/** As client-go has them: 10 ns to 10 s by tens, and what a reconciliation may take. */
const buckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 60, 300];

/** Registers the metrics that every Kubernetes controller has under these names; answers how a queue of a name joins them. */
export function createQueueMetrics(registry: Registry): (name: string) => MeasureQueue {
  const queues = new Map<string, QueueState>();
  const shared: Shared = { labelNames: ['name', 'controller'], registers: [registry] };
  const labelled = (name: string): { name: string; controller: string } => ({ name, controller: name });
  const gauge = (name: string, help: string, valueOf: (workedMs: readonly number[]) => number): void => {
    const collect = function collect(this: Gauge<'name' | 'controller'>): void {
      for (const [queue, { workingSinceMs, nowMs }] of queues) {
        this.set(labelled(queue), valueOf(workingSinceMs().map((sinceMs) => nowMs() - sinceMs)) / 1000);
      }
    };
    new Gauge({ name, help, ...shared, collect });
  };
  new Gauge({
    name: 'workqueue_depth',
    help: 'Keys that wait for a worker; one that grows means too few workers, or slow ones',
    labelNames: ['name', 'controller', 'priority'],
    registers: [registry],
    collect() {
      for (const [name, { depth }] of queues) {
        for (const priority of ['normal', 'low'] as const) this.set({ ...labelled(name), priority }, depth(priority));
      }
    },
  });
  gauge('workqueue_unfinished_work_seconds', 'Seconds of work begun and not done, of all workers together; growing means stuck', (all) =>
    all.reduce((sum, ms) => sum + ms, 0),
  );
  gauge('workqueue_longest_running_processor_seconds', 'Seconds that the longest piece of work has been going on', (all) =>
    Math.max(0, ...all),
  );
  const counters = createCounters(shared);
  return (name) => (state) => {
    queues.set(name, state);
    const labels = labelled(name);
    const waited = counters.waited.labels(labels);
    const worked = counters.worked.labels(labels);
    return {
      added: () => counters.adds.inc(labels),
      taken: (ms) => waited.observe(ms / 1000),
      worked: (ms) => worked.observe(ms / 1000),
      retried: () => counters.retries.inc(labels),
    };
  };
}

type Shared = { readonly labelNames: readonly ('name' | 'controller')[]; readonly registers: Registry[] };
type Counters = Readonly<Record<'adds' | 'retries', Counter<'name' | 'controller'>>> &
  Readonly<Record<'waited' | 'worked', Histogram<'name' | 'controller'>>>;

function createCounters(shared: Shared): Counters {
  return {
    adds: new Counter({ name: 'workqueue_adds_total', help: 'Keys added; one that waits already is not counted again', ...shared }),
    retries: new Counter({ name: 'workqueue_retries_total', help: 'Keys that failed and come again', ...shared }),
    waited: new Histogram({
      name: 'workqueue_queue_duration_seconds',
      help: 'How long keys wait for a worker: what an edit waits before anybody looks at it',
      buckets,
      ...shared,
    }),
    worked: new Histogram({ name: 'workqueue_work_duration_seconds', help: 'How long workers take for a key', buckets, ...shared }),
  };
}
