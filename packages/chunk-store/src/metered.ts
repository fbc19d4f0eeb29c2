import { traced } from '@driftbox/tracing';
import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { StoreError } from './store-error.ts';
import type { PackStore } from './pack-store.ts';

/** Metrics of one registry, made once however many stores report to it. */
function metricsOf(registry: Registry) {
  const seconds =
    registry.getSingleMetric('driftbox_pack_store_duration_seconds') ??
    new Histogram({
      name: 'driftbox_pack_store_duration_seconds',
      help: 'Time of calls to a pool, by operation and outcome (ok or the kind of the error)',
      labelNames: ['pool', 'operation', 'outcome'],
      buckets: [0.0005, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 15],
      registers: [registry],
    });
  const bytes =
    registry.getSingleMetric('driftbox_pack_store_bytes_total') ??
    new Counter({
      name: 'driftbox_pack_store_bytes_total',
      help: 'Ciphertext bytes written to and read from a pool',
      labelNames: ['pool', 'operation'],
      registers: [registry],
    });
  return { seconds: seconds as Histogram, bytes: bytes as Counter };
}

/**
 * Counts and times every call to `store` in `registry`, under the pool's name, each name once; in a trace each is a step. Around `verify`
 * it counts packs that are damaged, too.
 */
export function metered(store: PackStore, options: { readonly registry: Registry; readonly pool: string }): PackStore {
  const { pool } = options;
  const { seconds, bytes } = metricsOf(options.registry);
  // Counted from zero on: of a series that begins with one the first is not seen to be added, and here a single one matters.
  for (const outcome of ['not_found', 'corrupt']) seconds.zero({ pool, operation: 'read', outcome });

  async function timed<T>(operation: string, call: () => Promise<T>): Promise<T> {
    const stop = seconds.startTimer({ pool, operation });
    try {
      const attributes = { 'driftbox.pool': pool };
      const answer = await traced({ name: `pool ${operation}`, kind: 'client', attributes }, call);
      stop({ outcome: 'ok' });
      return answer;
    } catch (error) {
      stop({ outcome: error instanceof StoreError ? error.kind : 'unexpected' });
      throw error;
    }
  }

  return {
    async write(id, pieces) {
      await timed('write', () => store.write(id, pieces));
      bytes.inc(
        { pool, operation: 'write' },
        pieces.reduce((sum, piece) => sum + piece.length, 0),
      );
    },
    async read(id, range) {
      const answer = await timed('read', () => store.read(id, range));
      bytes.inc({ pool, operation: 'read' }, answer.length);
      return answer;
    },
    stat: (id) => timed('stat', () => store.stat(id)),
    list: (page) => timed('list', () => store.list(page)),
    delete: (id) => timed('delete', () => store.delete(id)),
  };
}
