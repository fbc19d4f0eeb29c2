import { Gauge, type Registry } from 'prom-client';
import { sharedMetric } from './shared-metric.ts';

/** Background work that goes from one tenant to the next, by name: a closed set. */
export type RoundName = 'collection' | 'scrub' | 'recount' | 'retention' | 'logical_recount';

/** Shows how far a round has come. */
export type Round = {
  /** The tenants one after the other; each is done when the next is asked for. A round that is left before its end shows nothing. */
  over<T>(tenants: readonly T[]): Generator<T, void>;
};

/** Registers what a round has done and has left; until one begins, both are zero. */
export function createRoundMetrics(registry: Registry, round: RoundName): Round {
  const gauge = sharedMetric(
    registry,
    'driftbox_round_tenants',
    (name) =>
      new Gauge({
        name,
        help: 'Tenants that background work has done and has left in the round that this process is at, or has come to the end of',
        labelNames: ['round', 'state'],
        registers: [registry],
      }),
  );
  const show = (done: number, left: number): void => {
    gauge.set({ round, state: 'done' }, done);
    gauge.set({ round, state: 'left' }, left);
  };
  show(0, 0);
  return {
    *over(tenants) {
      let done = 0;
      try {
        for (const tenant of tenants) {
          show(done, tenants.length - done);
          yield tenant;
          done += 1;
        }
      } finally {
        if (done === tenants.length) show(done, 0);
        else show(0, 0);
      }
    },
  };
}
