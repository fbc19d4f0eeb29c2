import { statement } from '@driftbox/postgres';

/** A tenant's request rates, and how many sockets it may open. */
export type TenantLimitsRow = {
  readonly suspended: boolean;
  readonly requests_per_second: number;
  readonly request_burst: number;
  readonly user_requests_per_second: number;
  readonly user_request_burst: number;
  readonly sockets: number;
};

/** How often may a tenant and each of its users call? No row for a tenant that is not here. */
export const readTenantLimits = statement({
  name: 'metadata.read-tenant-limits',
  text: `SELECT suspended, requests_per_second, request_burst, user_requests_per_second, user_request_burst, sockets
  FROM tenants WHERE tenant = $1`,
});
