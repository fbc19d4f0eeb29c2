import type { TenantId } from '@driftbox/domain';
import { parseRecord, type TenantRecord } from '@driftbox/resources';
import type { TenantBackup } from '../backup/tenant-backup.ts';
import { Cache, keyOf } from '../runtime/index.ts';
import type { OtherResource } from './cell-resource.ts';
import type { ConfigMap, Secret, Tenant } from './tenant.ts';

/** What is followed for Tenants. */
export type TenantCaches = {
  readonly tenants: Cache<Tenant, 'host' | 'quota'>;
  readonly quotas: Cache<OtherResource>;
  readonly cells: Cache<OtherResource>;
  readonly pools: Cache<OtherResource>;
  /** Records and claims, by the id of their tenant; records also by cell and pool. */
  readonly configMaps: Cache<ConfigMap, 'tenantId' | 'cell' | 'pool'>;
  /** Those that are made before a tenant is erased are among them. */
  readonly backups: Cache<TenantBackup>;
  /** Invitations, without what is in them. */
  readonly secrets: Cache<Secret>;
  /** Records that are being made: what they take is not free any more. */
  readonly reserved: Map<TenantId, TenantRecord>;
};

/** Opens caches that are empty. */
export function createTenantCaches(): TenantCaches {
  return {
    tenants: new Cache<Tenant, 'host' | 'quota'>({
      host: hostsOf,
      quota: (tenant) => textField(tenant.spec, 'quota'),
    }),
    quotas: new Cache<OtherResource>(),
    cells: new Cache<OtherResource>(),
    pools: new Cache<OtherResource>(),
    configMaps: new Cache<ConfigMap, 'tenantId' | 'cell' | 'pool'>({
      tenantId: ({ data }) => textField(data, 'tenantId'),
      cell: (one) => recordsIn(one).map(({ cell }) => cell),
      pool: (one) => recordsIn(one).map(({ pool }) => pool),
    }),
    backups: new Cache<TenantBackup>(),
    secrets: new Cache<Secret>(),
    reserved: new Map(),
  };
}

const known = new WeakMap<ConfigMap, readonly TenantRecord[]>();

/** The record in a ConfigMap, if it is one. An object of a cache is read once: each pass looks at those of all tenants of a cell. */
export function recordsIn(configMap: ConfigMap): readonly TenantRecord[] {
  const before = known.get(configMap);
  if (before !== undefined) return before;
  const isRecord = configMap.metadata.labels?.['driftbox.io/part'] === 'tenant-record';
  const records = [isRecord ? parseRecord(configMap.data) : undefined].filter((one) => one !== undefined);
  known.set(configMap, records);
  return records;
}

/** The records of everything that takes room in a cell or pool: those that are being made, and not those that ended without a trace. */
export function recordsOf(index: 'cell' | 'pool', name: string, { configMaps, reserved }: TenantCaches): TenantRecord[] {
  const known = configMaps.find(index, name).flatMap(recordsIn);
  const coming = [...reserved.values()].filter(
    (record) => record[index] === name && !known.some(({ tenantId }) => tenantId === record.tenantId),
  );
  return [...known, ...coming].filter(({ state }) => state === 'live' || state === 'retained');
}

/** The hosts that a Tenant names, as far as it can be read. */
export function hostsOf({ spec }: Pick<Tenant, 'spec'>): string[] {
  const hosts: unknown = Reflect.get(Object(spec), 'hosts');
  return Array.isArray(hosts) ? hosts.map(String) : [];
}

/** True where the Tenant that made a record is there no more. */
export function isOrphaned({ tenant }: TenantRecord, tenants: TenantCaches['tenants']): boolean {
  return tenants.get(keyOf({ name: tenant.name }))?.metadata.uid !== tenant.uid;
}

function textField(of: unknown, name: string): string[] {
  const value: unknown = Reflect.get(Object(of), name);
  return typeof value === 'string' ? [value] : [];
}
