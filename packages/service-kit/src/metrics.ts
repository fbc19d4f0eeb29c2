import { errorCatalogue, isFailure } from '@driftbox/protocol';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { sharedMetric } from './shared-metric.ts';
import { statusClass } from './status-class.ts';
import { createTenantMetrics } from './tenant-metrics.ts';

/** What is measured of every request. */
export type RequestMetrics = {
  started(): void;
  /** `seconds` until the answer's last byte was produced. */
  ended(route: string, status: number, seconds: number, tenantId: string | undefined): void;
  /** A problem was answered. */
  refused(code: string): void;
  /** So many bytes of a body that is streamed came or went. */
  moved(direction: 'received' | 'sent', bytes: number, tenantId: string | undefined): void;
};

type Child = { observe(seconds: number): void };

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

/** Registers the metrics of HTTP servers; services that share a registry share them, told apart by label. */
export function createRequestMetrics(registry: Registry, service: string): RequestMetrics {
  const registers = [registry];
  const histogram = sharedMetric(
    registry,
    'http_server_request_duration_seconds',
    (name) =>
      new Histogram({
        name,
        help: 'Time from a request to the end of its answer; 5xx are failures, 507 is a quota that is used up, and none',
        labelNames: ['service', 'route', 'status'],
        buckets,
        registers,
      }),
  );
  const gauge = sharedMetric(
    registry,
    'http_server_requests_in_flight',
    (name) => new Gauge({ name, help: 'Requests being answered', labelNames: ['service'], registers }),
  );
  const problems = sharedMetric(
    registry,
    'http_server_problems_total',
    (name) =>
      new Counter({
        name,
        help: 'Problems answered, by code of docs/errors.md; rate_limited are refusals, internal are defects',
        labelNames: ['service', 'code'],
        registers,
      }),
  );
  const bytes = sharedMetric(
    registry,
    'http_server_stream_bytes_total',
    (name) =>
      new Counter({
        name,
        help: 'Bytes of bodies that are streamed, which are those of files; JSON is not counted',
        labelNames: ['service', 'direction'],
        registers,
      }),
  );
  // Counted from zero on: of a series that begins with one the first is not seen to be added.
  for (const [code, { status }] of Object.entries(errorCatalogue)) if (isFailure(status)) problems.inc({ service, code }, 0);
  const inFlight = gauge.labels({ service });
  const ways = { received: bytes.labels({ service, direction: 'received' }), sent: bytes.labels({ service, direction: 'sent' }) };
  const children = new Map<string, Child[]>();
  const tenants = createTenantMetrics(registry, service);
  return {
    started: () => inFlight.inc(),
    ended(route, status, seconds, tenantId) {
      inFlight.dec();
      tenants.ended(tenantId, status, seconds);
      let byStatus = children.get(route);
      if (byStatus === undefined) children.set(route, (byStatus = []));
      (byStatus[status] ??= histogram.labels({ service, route, status: statusClass(status) })).observe(seconds);
    },
    refused: (code) => problems.inc({ service, code }),
    moved(direction, count, tenantId) {
      ways[direction].inc(count);
      tenants.moved(tenantId, direction, count);
    },
  };
}
