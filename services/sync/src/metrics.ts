import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What sync counts beyond requests; labels are closed sets. */
export type SyncMetrics = {
  readonly news: Counter<'source'>;
  readonly ended: Counter<'reason'>;
  readonly refused: Counter<'code'>;
  readonly eventDelay: Histogram;
  readonly hintDelay: Histogram;
  readonly cursorLag: Histogram;
};

/** What is counted when it is asked for. */
export type Counted = { readonly sockets: () => number; readonly members: () => number; readonly drives: () => number };

const lagBuckets = [0, 1, 10, 100, 1_000, 10_000, 100_000];
const delayBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300];

/** Registers sync's own metrics. */
export function createMetrics(registry: Registry, counted: Counted): SyncMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, count: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(count());
      },
    });
  };
  gauge('driftbox_sync_sockets', 'Sockets that are open', counted.sockets);
  gauge('driftbox_sync_members', 'Users who are connected, or were a moment ago', counted.members);
  gauge('driftbox_sync_drives', 'Drives that somebody connected may read', counted.drives);
  return {
    news: new Counter({
      name: 'driftbox_sync_news_total',
      help: 'Heads that moved on, by who told first: many by event mean that hints are being lost',
      labelNames: ['source'],
      registers,
    }),
    ended: new Counter({
      name: 'driftbox_sync_sockets_ended_total',
      help: 'Sockets that sync closed, by reason',
      labelNames: ['reason'],
      registers,
    }),
    refused: new Counter({
      name: 'driftbox_sync_sockets_refused_total',
      help: 'Sockets that were not accepted, by code of the problem',
      labelNames: ['code'],
      registers,
    }),
    eventDelay: new Histogram({
      name: 'driftbox_sync_event_delay_seconds',
      help: 'From a commit to its durable event being heard here; what freshness promises is read from it',
      buckets: delayBuckets,
      registers,
    }),
    hintDelay: new Histogram({
      name: 'driftbox_sync_hint_delay_seconds',
      help: 'From a commit to its hint being heard here; hints are lost on purpose, so a low count is no failure',
      buckets: delayBuckets,
      registers,
    }),
    cursorLag: new Histogram({
      name: 'driftbox_sync_cursor_lag_changes',
      help: 'Changes that a device is behind its drive when it says how far it has come; many far behind are clients that cannot follow',
      buckets: lagBuckets,
      registers,
    }),
  };
}
