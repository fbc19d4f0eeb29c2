import { tenantErasers } from '@driftbox/protocol';
import { isAbandoned } from '../annotations.ts';
import { keepers } from './cell-door.ts';
import { dedicatedCellName } from './dedicated-cell.ts';
import { awaitsBackup, lastBackupOf } from './last-backup.ts';
import type { Step } from './step.ts';
import type { TenantObserved } from './tenant-observed.ts';
import { isKept, retiredIntent } from './wanted-intent.ts';

/** What becomes of the data of a Tenant that ends. */
export type Ending = 'retain' | 'erase';

/**
 * Its policy, unless it is protected: what Snapshot adds to Delete comes before anything is erased. Where erasing has begun in a
 * service there is no way back.
 */
export function endingOf({ spec, view, tenant, erasures }: TenantObserved): Ending {
  if (isBegun({ view, erasures })) return 'erase';
  // A spec that breaks a rule says nothing that could be relied on.
  const stored = spec ?? (Object(tenant.spec) as Partial<NonNullable<TenantObserved['spec']>>);
  return spec !== undefined && stored.deletionPolicy !== 'Retain' && stored.deletionProtection !== true ? 'erase' : 'retain';
}

/** What a pass does next for a Tenant that is to go. The finalizer goes last, so a process that ends on the way only delays it. */
export function nextEnding(observed: TenantObserved): Step | undefined {
  const { record, tenant } = observed;
  const isOurs = record?.tenant.uid === tenant.metadata.uid;
  if (record === undefined || !isOurs || record.state !== 'live') return nextOfLeftovers(observed);
  const endedAt = new Date(observed.epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
  if (isAbandoned(tenant)) return { do: 'record', record: { ...record, state: 'abandoned', endedAt }, over: record };
  if (observed.door.kind !== 'open' || observed.view === undefined) return undefined;
  const isKnown = keepers.some((keeper) => observed.view?.kept[keeper].kind === 'kept');
  const retired = retiredIntent(observed);
  if (isKnown && observed.registered !== true && !isRetired(observed)) return { do: 'register', intent: retired };
  const routes = nextRoutes(observed);
  if (routes !== undefined) return routes;
  if (endingOf(observed) === 'retain') return { do: 'record', record: { ...record, state: 'retained', endedAt }, over: record };
  if (!isBegun(observed) && awaitsBackup(observed)) return nextBackup(observed);
  const [service] = tenantErasers.map((route) => route.service).filter((name) => observed.erasures[name]?.state !== 'erased');
  if (service !== undefined) return { do: 'erase', service };
  return { do: 'record', record: { ...record, state: 'erased', endedAt, receipts: JSON.stringify(observed.erasures) }, over: record };
}

/** True once a service has begun to erase: what it has is no whole tenant any more. */
export function isBegun({ view, erasures }: Pick<TenantObserved, 'view' | 'erasures'>): boolean {
  return keepers.some((keeper) => view?.kept[keeper].kind === 'erased') || Object.keys(erasures).length > 0;
}

/** Made once nobody gets in any more, so that nothing comes after it; then it is waited for. */
function nextBackup(observed: TenantObserved): Step | undefined {
  const backup = observed.lastBackup.kind === 'absent' ? lastBackupOf(observed) : undefined;
  return backup === undefined ? undefined : { do: 'backup', backup };
}

function isRetired(observed: TenantObserved): boolean {
  const { view } = observed;
  if (view === undefined) return false;
  const intent = retiredIntent(observed);
  const asIntended = { kind: 'kept', intent } as const;
  // A service that has erased it, or never knew it, need not be told.
  const kept = Object.fromEntries(keepers.map((one) => [one, view.kept[one].kind === 'kept' ? view.kept[one] : asIntended]));
  return isKept(intent, { ...view, kept: kept as typeof view.kept });
}

function nextRoutes({ exposure, routed }: TenantObserved): Step | undefined {
  const { expose } = exposure?.spec ?? {};
  return routed !== true && (expose?.ingress ?? expose?.gateway) !== undefined ? { do: 'route', routes: [] } : undefined;
}

/** What is left of it in the cluster, once its record says how it ended. */
function nextOfLeftovers({ claims, tenantId, hasInvitation, record, cells, tenant }: TenantObserved): Step {
  // A Tenant that was refused another's data has nothing of it.
  const isOurs = record === undefined || record.tenant.uid === tenant.metadata.uid;
  const [mine] = [...claims].flatMap(([host, claim]) => (isOurs && claim.tenantId === tenantId ? [host] : []));
  if (mine !== undefined) return { do: 'release', host: mine };
  if (hasInvitation) return { do: 'uninvite' };
  const own = cells.find(({ name }) => name === dedicatedCellName(tenantId));
  if (isOurs && record?.state === 'erased' && own !== undefined && !own.isGoing) return { do: 'dropCell', name: own.name };
  return { do: 'unprotect' };
}
