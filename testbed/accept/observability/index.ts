import { benchmarkRows } from '../benchmark-rows.ts';
import type { Capability } from '../point.ts';
import { runTests } from '../run-tests.ts';
import { everyAlert, panelsHaveData } from './every-alert.ts';
import { keptTrace } from './kept-trace.ts';
import { loadProfiles } from './load-profiles.ts';

const kit = (...names: readonly string[]): string[] => names.map((name) => `packages/service-kit/src/${name}.test.ts`);

/** Whoever runs a hosted DriftBox sees what is true, in time. */
export const observability: Capability = {
  name: 'observability',
  points: [
    everyAlert,
    ...loadProfiles,
    panelsHaveData,
    benchmarkRows(4, [15, 19, 20]),
    {
      number: 5,
      promise: 'collector down, slow scrapers, a full log disk, made-up labels, clocks that jump: services keep serving',
      show: () =>
        runTests([
          ...kit('metrics', 'log-output', 'clock-jumps', 'tracing/tracing', 'tracing/told-exporter'),
          'services/auth/src/main.e2e',
          'services/gateway/src/nginx/access-log.nginx',
          'testbed/integration/clock-jumps',
        ]),
    },
    {
      number: 6,
      promise: 'series are bounded and as documented; logs and traces belong together, and carry no secret and no name; none is public',
      show: () =>
        runTests([
          ...kit('tenant-metrics', 'metrics', 'watch-queue', 'count-lookups', 'watch-usage', 'logger', 'pipeline', 'tracing/kept-traces'),
          'packages/api-client/src/trace-call',
          'operator/src/trace-pass',
          'testbed/integration/metrics.e2e',
          'testbed/integration/kafka-away',
          'testbed/stack/one-trace',
          'services/gateway/src/nginx/routing.nginx',
        ]),
    },
    {
      number: 7,
      promise: 'the alert of the operator is raised by a real fault and resolves after it, and each panel of its dashboards has data',
      show: () => runTests(['testbed/platform/watched-operator']),
    },
    keptTrace,
  ],
};
