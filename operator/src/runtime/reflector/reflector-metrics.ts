import { Counter, type Registry } from 'prom-client';

/** What reflectors count, by kind. */
export type ReflectorMetrics = {
  readonly ended: Counter<'kind' | 'how'>;
  readonly missed: Counter<'kind'>;
};

/** Registers the metrics of all reflectors. */
export function createReflectorMetrics(registry: Registry): ReflectorMetrics {
  const registers = [registry];
  return {
    ended: new Counter({
      name: 'driftbox_watches_ended_total',
      help: 'Watches that ended, by how: closed and idle are ordinary, anything else in numbers is trouble on the way to the API server',
      labelNames: ['kind', 'how'],
      registers,
    }),
    missed: new Counter({
      name: 'driftbox_watch_missed_changes_total',
      help: 'Changes that only a repeated list showed: a few after an outage are ordinary, a steady trickle means that watches lose events',
      labelNames: ['kind'],
      registers,
    }),
  };
}
