import { Controller, keyOf, type Change, type ControllerOptions } from '../runtime/index.ts';
import type { Follow, Following, KindParts } from '../kind-parts.ts';
import { backupResource, type TenantBackup } from '../backup/tenant-backup.ts';
import { quotaResource } from '../quota/quota.ts';
import { cellResource, poolResource, type OtherResource } from './cell-resource.ts';
import type { OpenCell } from './cell-door.ts';
import { openCells } from './open-cells.ts';
import { reconcileTenant } from './reconcile-tenant.ts';
import { tracePass } from '../trace-pass.ts';
import { createTenantCaches, recordsIn, type TenantCaches } from './tenant-caches.ts';
import { configMapKind, secretKind, tenantResource, type ConfigMap, type Secret, type Tenant } from './tenant.ts';

/** What looks after Tenants is made of. */
export type TenantsParts = KindParts & {
  /** The operator's own. */
  readonly namespace: string;
  /** How cells are reached; by their names in the cluster without it. */
  readonly openCell?: OpenCell | undefined;
};

/** What looks after Tenants. */
export type Tenants = { readonly controller: Controller; readonly reflectors: readonly Following[]; close(): void };

/** What looks after Tenants: it follows them, and whatever they name or have. */
export function createTenants(
  { api, events, namespace, openCell }: TenantsParts,
  follow: Follow,
  control: (name: string) => Omit<ControllerOptions, 'reconcile'>,
): Tenants {
  const caches = createTenantCaches();
  const doors = openCells({ api, cells: caches.cells, namespace, nowMs: () => performance.now() });
  const reconcile = tracePass('Tenant', reconcileTenant({ api, caches, openCell: openCell ?? doors.open, events, namespace }));
  const controller = new Controller({ ...control('tenant'), reconcile });
  const wake = (names: readonly string[]): void => names.forEach((name) => controller.add(keyOf({ name })));
  const reflectors = [
    follow<Tenant, 'host' | 'quota'>({
      kind: tenantResource,
      cache: caches.tenants,
      onChange: (change) => {
        if (isNews(change)) controller.add(keyOf(change.object.metadata), change.type === 'added' ? 'low' : 'normal');
        // Others may be waiting for what it leaves.
        if (change.type === 'deleted') wake(waiting(caches));
      },
    }),
    follow<OtherResource, never>({
      kind: quotaResource,
      cache: caches.quotas,
      onChange: (change) => isNews(change) && wake(caches.tenants.find('quota', change.object.metadata.name).map(nameOf)),
    }),
    follow<OtherResource, never>({
      kind: cellResource,
      cache: caches.cells,
      onChange: (change) => isNewsOfCell(change) && wake([...tenantsOf(change.object.metadata.name, caches), ...waiting(caches)]),
    }),
    follow<TenantBackup, never>({
      kind: backupResource,
      cache: caches.backups,
      // Only a last backup carries the name of its tenant.
      onChange: ({ object }) => wake(present([object.metadata.labels?.['driftbox.io/tenant']], caches)),
    }),
    follow<OtherResource, never>({ kind: poolResource, cache: caches.pools, onChange: () => wake(waiting(caches)) }),
    follow<ConfigMap, 'tenantId' | 'cell' | 'pool'>({
      kind: configMapKind,
      selection: { namespace, labelSelector: 'driftbox.io/part in (tenant-record,host-claim)' },
      cache: caches.configMaps,
      onChange: ({ type, object }) => type === 'deleted' && wake(concerned(object, caches)),
    }),
    follow<Secret, never>({
      kind: secretKind,
      selection: { namespace, labelSelector: 'driftbox.io/part=invitation', metadataOnly: true },
      cache: caches.secrets,
      onChange: ({ type, object }) => type === 'deleted' && wake(present([object.metadata.labels?.['driftbox.io/tenant']], caches)),
    }),
  ];
  return { controller, reflectors, close: () => doors.close() };
}

/** True unless only the status changed: that is our own word. */
function isNews<T extends OtherResource | Tenant>(change: Change<T>): boolean {
  if (change.type !== 'changed') return true;
  const [before, after] = [change.previous, change.object].map(({ metadata }) => {
    const { generation, annotations, labels, finalizers, deletionTimestamp } = metadata;
    return JSON.stringify({ generation, annotations, labels, finalizers, deletionTimestamp });
  });
  return before !== after;
}

function isNewsOfCell(change: Change<OtherResource>): boolean {
  if (isNews(change) || change.type !== 'changed') return true;
  const ready = ({ status }: OtherResource): string | undefined => status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return ready(change.previous) !== ready(change.object);
}

/** Tenants without a place. */
function waiting({ tenants }: TenantCaches): string[] {
  return tenants
    .list()
    .filter(({ status }) => status?.cell === undefined)
    .map(nameOf);
}

/** Tenants in a cell, and those whose own cells follow it as their template. */
function tenantsOf(cell: string, caches: TenantCaches): string[] {
  const records = caches.configMaps.find('cell', cell).flatMap(recordsIn);
  const following = caches.tenants.list().filter(({ spec }) => templateOf(spec) === cell);
  return present([...records.map(({ tenant }) => tenant.name), ...following.map(nameOf)], caches);
}

/** As stored: nobody has judged it yet. */
function templateOf(spec: unknown): unknown {
  return Object(Object(Object(spec).isolation).dedicated).template;
}

/** Whose claim or record it was, and those who wanted the host. */
function concerned({ data }: ConfigMap, caches: TenantCaches): string[] {
  const rivals = caches.tenants.find('host', data?.['host'] ?? '').map(nameOf);
  return present([data?.['tenant'], ...rivals], caches);
}

function present(names: readonly (string | undefined)[], { tenants }: TenantCaches): string[] {
  return names.flatMap((name) => (name !== undefined && name !== '' && tenants.get(keyOf({ name })) !== undefined ? [name] : []));
}

function nameOf({ metadata }: Tenant): string {
  return metadata.name;
}
