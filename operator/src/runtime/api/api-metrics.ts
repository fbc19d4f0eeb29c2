import { Counter, type Registry } from 'prom-client';

/** Counts a request by what it came to: its HTTP status, or `<error>` where no answer came. */
export type CountRequest = (code: number | '<error>', method: string, host: string) => void;

/** Registers the counter that every Kubernetes client has under this name. */
export function createApiMetrics(registry: Registry): CountRequest {
  const counter = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the API server; many 429 mean that it is asked too often, many <error> that it is away',
    labelNames: ['code', 'method', 'host'],
    registers: [registry],
  });
  return (code, method, host) => counter.inc({ code, method, host });
}
