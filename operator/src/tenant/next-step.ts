import assert from 'node:assert/strict';
import { isPaused } from '../annotations.ts';
import { renderRoutes, type Placement, type TenantRecord } from '@driftbox/resources';
import { dedicatedCell, dedicatedCellName, isDedicated } from './dedicated-cell.ts';
import { exposureOf } from './exposure-of.ts';
import { judgeAdoption } from './judge-adoption.ts';
import { nextEnding } from './next-ending.ts';
import { placeWanted } from './place-wanted.ts';
import type { Step } from './step.ts';
import type { TenantObserved } from './tenant-observed.ts';
import { tenantFinalizer } from './tenant.ts';
import { surplusHosts, wantedHosts } from './wanted-hosts.ts';
import { isKept, wantedIntent, wantsInvitation } from './wanted-intent.ts';

/** What a pass does next for a Tenant; undefined where it is as it should be, or nothing can be done now. */
export function nextStep(observed: TenantObserved): Step | undefined {
  const { metadata } = observed.tenant;
  if (isPaused(observed.tenant) || observed.failure !== undefined) return undefined;
  const isProtected = metadata.finalizers?.includes(tenantFinalizer) === true;
  if (metadata.deletionTimestamp !== undefined) return isProtected ? nextEnding(observed) : undefined;
  if (observed.spec === undefined) return undefined;
  if (!isProtected) return { do: 'protect' };
  return nextOfPlace(observed) ?? (isPlaced(observed) ? nextInCell(observed) : undefined);
}

function isPlaced({ record, tenant }: TenantObserved): boolean {
  return record?.state === 'live' && record.tenant.uid === tenant.metadata.uid;
}

/** Until it has a place that is recorded, and for a dedicated tenant a cell. */
function nextOfPlace(observed: TenantObserved): Step | undefined {
  const { record, spec, tenantId, tenant } = observed;
  assert(spec !== undefined, 'it was judged');
  if (!isPlaced(observed)) {
    const owner = { name: tenant.metadata.name, uid: tenant.metadata.uid ?? '' };
    if (judgeAdoption(observed) !== undefined) return undefined;
    if (record !== undefined) {
      const { endedAt: _, ...kept } = record;
      return { do: 'record', record: { ...kept, state: 'live', tenant: owner }, over: record };
    }
    const place = knownPlace(observed) ?? placeWanted(observed);
    if (place.kind !== 'placed') return undefined;
    const { cell, pool } = place;
    // As if it had them already: where it gets them all, the record is written once.
    const { held, free } = wantedHosts({ ...observed, exposure: exposureOf(cell, observed.cells) });
    return { do: 'record', record: { tenantId, state: 'live', tenant: owner, cell, pool, hosts: [...held, ...free] }, over: undefined };
  }
  if (!isDedicated(observed) || record?.cell !== dedicatedCellName(tenantId)) return undefined;
  const cell = dedicatedCell(observed);
  return cell === undefined ? undefined : { do: 'cell', cell };
}

/** Where it was, if somebody removed its record: what is there is still its own. */
function knownPlace({ tenant: { status }, tenantId }: TenantObserved): Placement | undefined {
  if (status?.tenantId !== tenantId || status.cell === undefined || status.pool === undefined) return undefined;
  return { kind: 'placed', cell: status.cell, pool: status.pool };
}

/** What it needs in its cell, hosts first, so that nobody is served at a host that is not its own. */
function nextInCell(observed: TenantObserved): Step | undefined {
  const { quota, door, view, record, exposure } = observed;
  assert(record !== undefined, 'it is placed');
  if (quota.kind === 'unusable' || exposure === undefined) return undefined;
  const { free, held } = wantedHosts(observed);
  const [host] = free;
  if (host !== undefined) return { do: 'claim', host };
  if (door.kind !== 'open' || view === undefined) return undefined;
  const wasTold = Object.values(view.kept).some(({ kind }) => kind === 'kept');
  if (held.length === 0 && !wasTold) return undefined;
  const [first] = held;
  if (first !== undefined && wantsInvitation(observed) && observed.invitation === undefined) return { do: 'invite', host: first };
  const intent = wantedIntent(observed);
  assert(intent !== undefined, 'its limits are known');
  if (observed.registered !== true && (observed.invitation !== undefined || !isKept(intent, view))) return { do: 'register', intent };
  return nextAround(observed, held, record);
}

/** What stands around the services: routes, claims that are not needed any more, the record, and a look from outside. */
function nextAround(observed: TenantObserved, held: readonly string[], record: TenantRecord): Step | undefined {
  const { exposure, tenant, tenantId, view } = observed;
  const { expose } = exposure?.spec ?? {};
  if (exposure !== undefined && observed.routed !== true && (expose?.ingress ?? expose?.gateway) !== undefined)
    return { do: 'route', routes: renderRoutes({ name: tenant.metadata.name, tenantId, hosts: held }, exposure) };
  const [surplus] = surplusHosts(observed);
  if (surplus !== undefined) return { do: 'release', host: surplus };
  if (observed.hasInvitation && (view?.usage.users ?? 0) > 0) return { do: 'uninvite' };
  if (held.join(' ') !== record.hosts.join(' ')) return { do: 'record', record: { ...record, hosts: held }, over: record };
  return observed.probes === undefined && held.length > 0 ? { do: 'probe', hosts: held } : undefined;
}
