import { Gauge, type Registry } from 'prom-client';
import type { Context } from './context.ts';

/** Gauges of what is bounded here: memory for transfers. Rates and durations of requests are service-kit's. */
export function createUploadMetrics(registry: Registry, context: Context): void {
  const free = new Gauge({
    name: 'driftbox_upload_memory_free_bytes',
    help: 'Transfer memory not in use',
    labelNames: ['direction'],
    registers: [registry],
    collect() {
      free.set({ direction: 'receive' }, context.receiving.freeBytes);
      free.set({ direction: 'send' }, context.sending.freeBytes);
    },
  });
}
