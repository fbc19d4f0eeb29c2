import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What people would have felt. */
export type Metrics = {
  /** A step was done, or failed, after so many seconds. */
  step(name: string, outcome: 'ok' | 'failed', seconds: number): void;
  /** A round is over; `ok` when every step of it was. */
  round(ok: boolean): void;
};

/** Registers the metrics of the probe. */
export function createProbeMetrics(registry: Registry): Metrics {
  const registers = [registry];
  const time = new Histogram({
    name: 'driftbox_probe_step_seconds',
    help: 'How long a step took for somebody who does it by the front door, by how it ended',
    labelNames: ['step', 'outcome'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    registers,
  });
  const up = new Gauge({
    name: 'driftbox_probe_step_ok',
    help: '1 where the step worked the last time it was tried, 0 where it did not',
    labelNames: ['step'],
    registers,
  });
  const rounds = new Counter({
    name: 'driftbox_probe_rounds_total',
    help: 'Rounds by outcome; a failed one is what everybody felt who did that just then',
    labelNames: ['outcome'],
    registers,
  });
  return {
    step(step, outcome, seconds) {
      time.observe({ step, outcome }, seconds);
      up.set({ step }, outcome === 'ok' ? 1 : 0);
    },
    round: (ok) => rounds.inc({ outcome: ok ? 'ok' : 'failed' }),
  };
}
