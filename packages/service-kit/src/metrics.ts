import { Gauge, Histogram, type Registry } from 'prom-client';

/** What is measured of every request. */
export type RequestMetrics = {
  started(): void;
  /** `seconds` until the answer's last byte was produced. */
  ended(route: string, status: number, seconds: number): void;
};

type Child = { observe(seconds: number): void };

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

/** Registers the metrics of HTTP servers; services that share a registry share them, told apart by label. */
export function createRequestMetrics(registry: Registry, service: string): RequestMetrics {
  const name = 'http_server_request_duration_seconds';
  const histogram =
    (registry.getSingleMetric(name) as Histogram<string> | undefined) ??
    new Histogram({
      name,
      help: 'Time from a request to the end of its answer',
      labelNames: ['service', 'route', 'status'],
      buckets,
      registers: [registry],
    });
  const gauge =
    (registry.getSingleMetric('http_server_requests_in_flight') as Gauge<string> | undefined) ??
    new Gauge({
      name: 'http_server_requests_in_flight',
      help: 'Requests being answered',
      labelNames: ['service'],
      registers: [registry],
    });
  const inFlight = gauge.labels({ service });
  const children = new Map<string, Child[]>();
  return {
    started: () => inFlight.inc(),
    ended(route, status, seconds) {
      inFlight.dec();
      let classes = children.get(route);
      if (classes === undefined) children.set(route, (classes = []));
      const statusClass = Math.floor(status / 100);
      (classes[statusClass] ??= histogram.labels({ service, route, status: `${statusClass}xx` })).observe(seconds);
    },
  };
}
