import type { Follow, Following } from '../kind-parts.ts';
import { scheduleResource } from '../backup-schedule/tenant-backup-schedule.ts';
import { backupResource } from '../backup/tenant-backup.ts';
import { quotaResource } from '../quota/quota.ts';
import { tenantResource } from '../tenant/tenant.ts';
import { cellResource } from '../cell/cell.ts';
import { Cache, Controller, keyOf, type Change, type ControllerOptions, type KubeObject } from '../runtime/index.ts';
import type { PoolParts } from './pool-parts.ts';
import { poolResource, type BackupsOfPool, type CellOfPool, type Pool, type QuotaOfPool, type TenantOfPool } from './pool.ts';
import { reconcilePool } from './reconcile-pool.ts';
import { tracePass } from '../trace-pass.ts';
import { createSeePool, type SeePool } from './see-pool.ts';

type Given = Omit<PoolParts, 'pools' | 'cells' | 'tenants' | 'quotas' | 'backups' | 'schedules'>;

/** What looks after StoragePools: it follows them, and the cells, tenants, quotas and backups by which they are used. */
export function createPools(
  parts: Given,
  follow: Follow,
  control: (name: string) => Omit<ControllerOptions, 'reconcile'>,
): { readonly controller: Controller; readonly reflectors: readonly Following[]; readonly seePool: SeePool } {
  const pools = new Cache<Pool, 'mirror'>({ mirror: poolsOfMirror });
  const cells = new Cache<CellOfPool, 'pool'>({ pool: poolsOfCell });
  const tenants = new Cache<TenantOfPool, 'pool' | 'lastBackup'>({ pool: poolsOfTenant, lastBackup: poolsOfLastBackup });
  const quotas = new Cache<QuotaOfPool>();
  const [backups, schedules] = [
    new Cache<BackupsOfPool, 'pool'>({ pool: poolsOfBackups }),
    new Cache<BackupsOfPool, 'pool'>({ pool: poolsOfBackups }),
  ];
  const controller = new Controller({
    ...control('storagepool'),
    reconcile: tracePass('StoragePool', reconcilePool({ ...parts, pools, cells, tenants, quotas, backups, schedules })),
    passTimeoutMs: 300_000,
  });
  const wake = (names: readonly string[]): void => names.forEach((name) => controller.add(keyOf({ name })));
  const reflectors = [
    follow<Pool, 'mirror'>({
      kind: poolResource,
      cache: pools,
      onChange(change) {
        const { type, object } = change;
        const mirrored = pools.find('mirror', object.metadata.name).map(({ metadata }) => metadata.name);
        controller.add(keyOf(object.metadata), type === 'added' ? 'low' : 'normal');
        wake([...named(change, poolsOfMirror), ...mirrored]);
        [object.metadata.name, ...mirrored].forEach(parts.onChanged);
      },
    }),
    follow<CellOfPool, 'pool'>({
      kind: cellResource,
      cache: cells,
      onChange: (change) => wake([...named(change, poolsOfCell), ...(isUpgraded(change) ? poolsOfCell(change.object) : [])]),
    }),
    follow<TenantOfPool, 'pool' | 'lastBackup'>({
      kind: tenantResource,
      cache: tenants,
      onChange: (change) => wake(named(change, (tenant) => [...poolsOfTenant(tenant), ...poolsOfLastBackup(tenant)])),
    }),
    ...[
      { kind: backupResource, cache: backups },
      { kind: scheduleResource, cache: schedules },
    ].map((one) => follow<BackupsOfPool, 'pool'>({ ...one, onChange: (change) => wake(named(change, poolsOfBackups)) })),
    follow<QuotaOfPool, never>({ kind: quotaResource, cache: quotas, onChange: () => {} }),
  ];
  return { controller, reflectors, seePool: createSeePool(parts.api, parts.operatorNamespace, pools) };
}

/** A MinIO of ours goes with its cells. */
function isUpgraded(change: Change<CellOfPool>): boolean {
  return change.type === 'changed' && change.previous.status?.version !== change.object.status?.version;
}

/** A pattern uses no pool; the cells made after it do. */
function poolsOfCell({ spec }: CellOfPool): string[] {
  return spec.template === true ? [] : [...(spec.pools ?? [])];
}

/** As stored: nobody has judged it yet. */
function poolsOfMirror({ spec, status }: Pool): string[] {
  const mirror: unknown = Object(spec).mirror;
  return [...new Set([mirror, status?.mirror])].filter((one) => typeof one === 'string');
}

function poolsOfTenant({ spec, status }: TenantOfPool): string[] {
  return [...new Set([spec.pool, status?.pool])].filter((one) => one !== undefined);
}

function poolsOfLastBackup({ spec }: TenantOfPool): string[] {
  return poolsOfBackups({ spec: spec.snapshot ?? {} });
}

function poolsOfBackups({ spec }: Pick<BackupsOfPool, 'spec'>): string[] {
  const pool = spec.destination?.pool;
  return pool === undefined ? [] : [pool];
}

/** Pools that somebody named before a change or names after it, where that is not the same. */
function named<T extends KubeObject>(change: Change<T>, poolsOf: (object: T) => readonly string[]): string[] {
  const after = poolsOf(change.object);
  if (change.type !== 'changed') return [...after];
  const before = poolsOf(change.previous);
  return before.join() === after.join() ? [] : [...new Set([...before, ...after])];
}
