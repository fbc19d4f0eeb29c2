import type { TenantId } from '@driftbox/domain';
import type { routes, SentBody } from '@driftbox/protocol';
import type { z } from 'zod';
import type { quotaKind } from '../kinds/quota.ts';
import type { storagePoolKind } from '../kinds/storage-pool.ts';
import type { tenantKind } from '../kinds/tenant.ts';
import { parseQuantity } from '../quantity.ts';

/** What a Tenant, a Quota and a StoragePool say, with defaults filled in. */
export type TenantSpec = z.output<typeof tenantKind.spec>;
export type QuotaSpec = z.output<typeof quotaKind.spec>;
export type PoolSpec = z.output<typeof storagePoolKind.spec>;

/** What the services of a cell are told of a tenant. */
type Intent = SentBody<typeof routes.putTenantInAuth>;

/**
 * What the services are to be told of a tenant: its own limits stand before those of its quota, one by one; what neither
 * limits is left to the services' defaults. Pool, keys and isolation are not theirs to know.
 */
export function tenantIntentOf(tenantId: TenantId, name: string, tenant: TenantSpec, quota: QuotaSpec | undefined): Intent {
  const { firstAdministrator, brake, linkPolicy } = tenant;
  const limits = { ...quota, ...tenant.limits };
  const retention = { ...quota?.retention, ...tenant.retention };
  return {
    tenantId,
    name: tenant.displayName ?? name,
    hosts: tenant.hosts,
    signUp: tenant.identity.signUp,
    suspended: tenant.suspended,
    ...present({ firstAdministrator, brake, linkPolicy, quota: tenant.quota }),
    limits: present({
      logicalBytes: bytes(limits.storage),
      userBytes: bytes(limits.storagePerUser),
      fileBytes: bytes(limits.fileSize),
      files: limits.files,
      users: limits.users,
      uploads: limits.uploads,
      sockets: limits.sockets,
      links: limits.links,
      egressBytesPerMonth: bytes(limits.egressPerMonth),
      historyDays: retention.historyDays,
      trashDays: retention.trashDays,
      requestsPerSecond: limits.requests?.perSecond,
      requestBurst: limits.requests?.burst,
      userRequestsPerSecond: limits.requestsPerUser?.perSecond,
      userRequestBurst: limits.requestsPerUser?.burst,
    }),
  };
}

/** An issuer that a Tenant names, as the services are told, but with the name of the Secret in place of what is in it. */
export type NamedIssuer = Omit<NonNullable<Intent['issuers']>[number], 'clientSecret' | 'secretVersion'> & { readonly secretName: string };

/** By which issuers a Tenant lets people sign in; Google is the one called `google`. */
export function issuersOf({ identity: { google, issuers = [] } }: TenantSpec): NamedIssuer[] {
  const named: NamedIssuer[] = issuers.map(({ name, displayName, issuer, clientId, clientSecret }) => ({
    ...present({ displayName }),
    name,
    issuer,
    clientId,
    secretName: clientSecret,
  }));
  if (google === undefined) return named;
  const { clientId, clientSecret, domains } = google;
  const known = { name: 'google', displayName: 'Google', issuer: 'https://accounts.google.com' };
  return [{ ...known, clientId, ...present({ domains }), secretName: clientSecret }, ...named.filter(({ name }) => name !== 'google')];
}

/** Exact: a valid size has at most 4Pi, which a number holds. */
function bytes(size: string | undefined): number | undefined {
  const exact = size === undefined ? undefined : parseQuantity(size);
  return exact === undefined ? undefined : Number(exact);
}

/** Those fields that are there. */
type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
