import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { PassResult } from './judge-pass.ts';

/** What controllers count, by controller. */
export type ControllerMetrics = {
  readonly passes: Counter<'controller' | 'result'>;
  readonly errors: Counter<'controller'>;
  readonly terminalErrors: Counter<'controller'>;
  readonly panics: Counter<'controller'>;
  readonly timeouts: Counter<'controller'>;
  readonly seconds: Histogram<'controller'>;
  readonly workers: Gauge<'controller'>;
  readonly active: Gauge<'controller'>;
};

const results: readonly PassResult[] = ['success', 'error', 'requeue', 'requeue_after'];
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Registers the metrics that every Kubernetes controller has under these names. */
export function createControllerMetrics(registry: Registry): ControllerMetrics {
  const name = (rest: string): string => `controller_runtime_${rest}`;
  const shared = { labelNames: ['controller'] as const, registers: [registry] };
  return {
    passes: new Counter({
      name: name('reconcile_total'),
      help: 'Passes by what they came to; requeue is a conflict, which is ordinary',
      labelNames: ['controller', 'result'],
      registers: [registry],
    }),
    errors: new Counter({
      name: name('reconcile_errors_total'),
      help: 'Passes that failed; a steady rate means something is stuck',
      ...shared,
    }),
    terminalErrors: new Counter({
      name: name('terminal_reconcile_errors_total'),
      help: 'Passes that failed in a way that trying again does not help: somebody must change something',
      ...shared,
    }),
    panics: new Counter({
      name: name('reconcile_panics_total'),
      help: 'Passes that broke an invariant: a defect of this program',
      ...shared,
    }),
    timeouts: new Counter({ name: name('reconcile_timeouts_total'), help: 'Passes that took too long and were given up', ...shared }),
    seconds: new Histogram({ name: name('reconcile_time_seconds'), help: 'How long passes take', buckets, ...shared }),
    workers: new Gauge({ name: name('max_concurrent_reconciles'), help: 'How many keys may be worked on at once', ...shared }),
    active: new Gauge({ name: name('active_workers'), help: 'How many keys are being worked on', ...shared }),
  };
}

/** Makes a controller's series appear with zeros, so that a rate over them is defined from the beginning. */
export function openSeries(metrics: ControllerMetrics, controller: string, workers: number): void {
  for (const result of results) metrics.passes.inc({ controller, result }, 0);
  for (const counter of [metrics.errors, metrics.terminalErrors, metrics.panics, metrics.timeouts]) counter.inc({ controller }, 0);
  metrics.workers.set({ controller }, workers);
  metrics.active.set({ controller }, 0);
}
