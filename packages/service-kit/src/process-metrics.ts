import { collectDefaultMetrics, type Registry } from 'prom-client';

/**
 * Registers what every process has under the names that prom-client gives it: CPU, memory, file descriptors, garbage
 * collection, and how long the event loop keeps callers waiting. Services that share a registry share them.
 */
export function exposeProcess(registry: Registry): void {
  if (registry.getSingleMetric('process_cpu_seconds_total') === undefined) collectDefaultMetrics({ register: registry });
}
