import { Counter, Gauge, type Registry } from 'prom-client';

/** What upload counts beyond requests; labels are closed sets. */
export type UploadMetrics = {
  /** Chunks that clients asked for: `known` need not be sent. */
  readonly asked: Counter<'answer'>;
  /** Chunks that were sent all the same: `known` lay in the pool already. */
  readonly received: Counter<'outcome'>;
  /** Bytes of chunks that were sent, as they came and as they are. */
  readonly bytes: Counter<'encoding' | 'form'>;
};

/** What is counted when it is asked for. */
export type Counted = { readonly receiveFreeBytes: () => number; readonly sendFreeBytes: () => number };

/** Registers upload's own metrics. Rates and durations of requests are service-kit's, those of a pool chunk-store's. */
export function createMetrics(registry: Registry, counted: Counted): UploadMetrics {
  const registers = [registry];
  const free = new Gauge({
    name: 'driftbox_upload_memory_free_bytes',
    help: 'Transfer memory not in use; near zero, transfers wait for one another',
    labelNames: ['direction'],
    registers,
    collect() {
      free.set({ direction: 'receive' }, counted.receiveFreeBytes());
      free.set({ direction: 'send' }, counted.sendFreeBytes());
    },
  });
  return {
    asked: new Counter({
      name: 'driftbox_upload_asked_chunks_total',
      help: 'Chunks that clients asked about before sending; known ones need not be sent: what deduplication saves on the wire',
      labelNames: ['answer'],
      registers,
    }),
    received: new Counter({
      name: 'driftbox_upload_received_chunks_total',
      help: 'Chunks received; known ones lay in the pool already: what deduplication saves on disk',
      labelNames: ['outcome'],
      registers,
    }),
    bytes: new Counter({
      name: 'driftbox_upload_chunk_bytes_total',
      help: 'Bytes of received chunks, as they came (wire) and as they are (plain): the difference is what deltas and compression save',
      labelNames: ['encoding', 'form'],
      registers,
    }),
  };
}
