import assert from 'node:assert/strict';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import {
  cellKind,
  hostClaimName,
  invitationSecretName,
  parseQuantity,
  quotaKind,
  recordName,
  storagePoolKind,
  tenantKind,
  type CellSpec,
  type PoolSpec,
  type QuotaSpec,
  type TenantRecord,
  type TenantSpec,
} from '@driftbox/resources';
import { keyOf } from '../runtime/index.ts';
import { judgedSpec } from '../judged-spec.ts';
import { exposureOf } from './exposure-of.ts';
import type { PlaceableCell, PlaceablePool } from '@driftbox/resources';
import { effectiveStorage } from './effective-limits.ts';
import { hostsOf, isOrphaned, recordsIn, recordsOf, type TenantCaches } from './tenant-caches.ts';
import { lastBackupName, seeLastBackup } from './last-backup.ts';
import type { Claim, QuotaSeen, TenantObserved } from './tenant-observed.ts';
import type { ConfigMap, Tenant } from './tenant.ts';

/** Everything that the caches tell of a Tenant; the services of its cell are not asked. Takes no time, so it is of one moment. */
export function observeTenant(tenant: Tenant, caches: TenantCaches, namespace: string, epochMs: number): TenantObserved {
  const judged = judgedSpec<TenantSpec>(tenantKind, tenant);
  const spec = judged.ok ? judged.spec : undefined;
  const tenantId = idOf(tenant);
  const cells = cellsSeen(caches);
  const record = find(caches, namespace, recordName(tenantId)).flatMap(recordsIn)[0];
  return {
    tenant,
    tenantId,
    spec,
    faults: judged.ok ? [] : judged.faults,
    quota: quotaSeen(spec?.quota, caches),
    record,
    recordOrphaned: record !== undefined && isOrphaned(record, caches.tenants),
    claims: claimsSeen(tenant, tenantId, caches, namespace),
    cells,
    // Asked for by those alone who have no place yet.
    pools: record === undefined ? poolsSeen(caches) : [],
    door: { kind: 'notPlaced' },
    exposure: exposureOf(record?.cell, cells),
    view: undefined,
    lastBackup: seeLastBackup(caches.backups.get(keyOf({ name: lastBackupName(tenantId) }))),
    erasures: {},
    takenInCell: [],
    issuerSecrets: new Map(),
    hasInvitation: caches.secrets.get(keyOf({ namespace, name: invitationSecretName(tenant.metadata.name) })) !== undefined,
    epochMs,
  };
}

/**
 * The id of a tenant: the uid of the Tenant that made it, a random UUID that the API server gives once and that no process that ends
 * at the wrong moment can lose; or the id of the one that it takes over.
 */
function idOf({ metadata, spec }: Tenant): TenantId {
  const adopt: unknown = Reflect.get(Object(spec), 'adopt');
  const id = parseTenantId(typeof adopt === 'string' ? adopt : (metadata.uid ?? ''));
  assert(id !== undefined, `Tenant ${metadata.name} has no id`);
  return id;
}

function find({ configMaps }: TenantCaches, namespace: string, name: string): ConfigMap[] {
  const found = configMaps.get(keyOf({ namespace, name }));
  return found === undefined ? [] : [found];
}

function quotaSeen(name: string | undefined, { quotas }: TenantCaches): QuotaSeen {
  if (name === undefined) return { kind: 'none' };
  const quota = quotas.get(keyOf({ name }));
  if (quota === undefined) return { kind: 'unusable', why: `there is no Quota ${name}` };
  const judged = judgedSpec<QuotaSpec>(quotaKind, quota);
  return judged.ok ? { kind: 'found', spec: judged.spec } : { kind: 'unusable', why: `Quota ${name}: ${judged.faults.join('; ')}` };
}

function claimsSeen(tenant: Tenant, tenantId: TenantId, caches: TenantCaches, namespace: string): Map<string, Claim> {
  const named = hostsOf(tenant).flatMap((host) => find(caches, namespace, hostClaimName(host)));
  const own = caches.configMaps.find('tenantId', tenantId).filter(({ metadata }) => metadata.labels?.['driftbox.io/part'] === 'host-claim');
  const claims = [...named, ...own].map(({ data }): [string, Claim] => [
    data?.['host'] ?? '',
    { tenantId: (data?.['tenantId'] ?? '') as TenantId, tenant: data?.['tenant'] ?? 'unknown' },
  ]);
  return new Map(claims);
}

/** Every cell that can be read. */
export function cellsSeen(caches: TenantCaches): PlaceableCell[] {
  return caches.cells.list().flatMap((cell): PlaceableCell[] => {
    const judged = judgedSpec<CellSpec>(cellKind, cell);
    if (!judged.ok) return [];
    const { name, labels = {}, deletionTimestamp } = cell.metadata;
    const isReady = cell.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
    return [
      {
        name,
        labels,
        spec: judged.spec,
        isReady,
        isGoing: deletionTimestamp !== undefined,
        tenants: recordsOf('cell', name, caches).length,
      },
    ];
  });
}

/** Every pool that can be read. */
export function poolsSeen(caches: TenantCaches): PlaceablePool[] {
  return caches.pools.list().flatMap((pool): PlaceablePool[] => {
    const judged = judgedSpec<PoolSpec>(storagePoolKind, pool);
    if (!judged.ok) return [];
    const { name, deletionTimestamp } = pool.metadata;
    const { capacity = pool.status?.capacity, overcommitPercent } = judged.spec;
    const bytes = capacity === undefined ? undefined : parseQuantity(capacity);
    return [
      {
        name,
        isGoing: deletionTimestamp !== undefined,
        capacityBytes: bytes === undefined ? undefined : (bytes * BigInt(overcommitPercent)) / 100n,
        promisedBytes: recordsOf('pool', name, caches).reduce((sum, record) => sum + promisedTo(record, caches), 0n),
      },
    ];
  });
}

/** What a tenant is promised; one that was kept and has no Tenant is promised nothing more. */
function promisedTo({ tenant }: TenantRecord, caches: TenantCaches): bigint {
  const found = caches.tenants.get(keyOf(tenant));
  const judged = found?.metadata.uid === tenant.uid ? judgedSpec<TenantSpec>(tenantKind, found) : undefined;
  if (judged?.ok !== true) return 0n;
  const { spec } = judged;
  return parseQuantity(effectiveStorage({ spec, quota: quotaSeen(spec.quota, caches) }) ?? '') ?? 0n;
}
