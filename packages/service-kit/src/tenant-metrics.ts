import { parseTenantId } from '@driftbox/domain';
import { Counter, type Registry } from 'prom-client';
import { ConfigError, defineConfig, type Loaded } from './config.ts';
import { sharedMetric } from './shared-metric.ts';
import { statusClass } from './status-class.ts';

/** Which tenants are told apart: a row that every service's table includes. */
export const tenantMetricSettings = defineConfig({
  DRIFTBOX_METRICS_TENANTS: {
    type: 'string',
    default: '',
    description: 'Ids of tenants whose requests are counted by name, separated by commas, at most 20; all others count together as other',
  },
});

/** Each costs some thirty series in every process. */
const mostWatched = 20;

/** The watched tenants of each registry. */
const watched = new WeakMap<Registry, ReadonlySet<string>>();

/** Tells the tenants that are set apart in `registry`, from its services on that are made afterwards. Throws `ConfigError`. */
export function watchTenants(registry: Registry, { DRIFTBOX_METRICS_TENANTS: text }: Loaded<typeof tenantMetricSettings>['config']): void {
  const ids = text.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  if (ids.length > mostWatched || ids.some((id) => parseTenantId(id) === undefined)) {
    throw new ConfigError([`DRIFTBOX_METRICS_TENANTS must be at most ${mostWatched} ids of tenants, separated by commas`]);
  }
  watched.set(registry, new Set(ids));
}

/** By what a tenant is called in the metrics of `registry`: its id where it is watched, otherwise `other`. */
export function tenantLabel(registry: Registry): (tenantId: string) => string {
  const ids = watched.get(registry) ?? new Set<string>();
  return (tenantId) => (ids.has(tenantId) ? tenantId : 'other');
}

/** What is measured by tenant; a request of none is not. */
type TenantMetrics = {
  ended(tenantId: string | undefined, status: number, seconds: number): void;
  moved(tenantId: string | undefined, direction: string, bytes: number): void;
};

/** Registers what is counted by tenant. Whatever tenants there are, the labels have no more values than are watched, and `other`. */
export function createTenantMetrics(registry: Registry, service: string): TenantMetrics {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    sharedMetric(registry, `driftbox_tenant_${name}`, (full) => new Counter({ name: full, help, labelNames, registers }));
  const requests = counter('requests_total', 'Requests by tenant, of those that are watched; all others are other', [
    'tenant',
    'service',
    'status',
  ]);
  const time = counter('request_seconds_total', 'Time of those requests, to the end of their answers', ['tenant', 'service']);
  const bytes = counter('stream_bytes_total', 'Bytes of files in those requests and answers', ['tenant', 'service', 'direction']);
  const labelOf = tenantLabel(registry);
  return {
    ended(tenantId, status, seconds) {
      if (tenantId === undefined) return;
      const tenant = labelOf(tenantId);
      requests.inc({ tenant, service, status: statusClass(status) });
      time.inc({ tenant, service }, seconds);
    },
    moved(tenantId, direction, count) {
      if (tenantId === undefined) return;
      bytes.inc({ tenant: labelOf(tenantId), service, direction }, count);
    },
  };
}
