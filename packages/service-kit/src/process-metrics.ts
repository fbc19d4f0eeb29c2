import { waitingJobs } from '@driftbox/threads';
import { collectDefaultMetrics, type Registry } from 'prom-client';
import { countLostLines } from './count-lost-lines.ts';
import { waitingPasswords } from './hash-password.ts';
import { watchQueue } from './watch-queue.ts';

/**
 * Registers what every process has: under the names that prom-client gives it, CPU, memory, file descriptors, garbage collection, and
 * how long the event loop keeps callers waiting; the queues of a whole process; and what its log lost. Services that share a registry
 * share them.
 */
export function exposeProcess(registry: Registry): void {
  if (registry.getSingleMetric('process_cpu_seconds_total') !== undefined) return;
  collectDefaultMetrics({ register: registry });
  watchQueue(registry, 'passwords', waitingPasswords);
  watchQueue(registry, 'hashing', waitingJobs);
  countLostLines(registry);
}
