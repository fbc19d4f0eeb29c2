import { Registry } from 'prom-client';
import { manualClock } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { createQueueMetrics } from './queue-metrics.ts';
import { WorkQueue } from './work-queue.ts';

test('several queues report under the standard names, told apart by their own', async () => {
  const registry = new Registry();
  const clock = manualClock();
  const measure = createQueueMetrics(registry);
  const [tenants, cells] = ['tenant', 'cell'].map(
    (name) => new WorkQueue<string>({ clock, measure: measure(name), backoff: { firstMs: 10, mostMs: 10, jitter: 0 } }),
  );
  tenants?.add('a');
  tenants?.add('a');
  tenants?.add('resync', 'low');
  tenants?.add('resync', 'low');
  cells?.retry('b');
  clock.advance(3_000);
  await tenants?.take();
  await cells?.take();
  for (const key of ['b', 'b']) cells?.add(key);
  clock.advance(2_000);
  cells?.done('b');
  const lines = (await registry.metrics()).split('\n');
  const series = (name: string, queue: string, more = ''): string => `${name}{name="${queue}",controller="${queue}"${more}}`;
  for (const line of [
    // Those that did not wait already, as client-go counts: a, resync; b, and b once more while it is worked on.
    `${series('workqueue_adds_total', 'tenant')} 2`,
    `${series('workqueue_adds_total', 'cell')} 2`,
    `${series('workqueue_depth', 'tenant', ',priority="low"')} 1`,
    `${series('workqueue_depth', 'tenant', ',priority="normal"')} 0`,
    `${series('workqueue_retries_total', 'cell')} 1`,
    `${series('workqueue_unfinished_work_seconds', 'tenant')} 2`,
    `${series('workqueue_longest_running_processor_seconds', 'tenant')} 2`,
    `${series('workqueue_longest_running_processor_seconds', 'cell')} 0`,
    `${series('workqueue_queue_duration_seconds_sum', 'tenant')} 3`,
    `${series('workqueue_work_duration_seconds_sum', 'cell')} 2`,
  ]) {
    expect(lines).toContain(line);
  }
});
