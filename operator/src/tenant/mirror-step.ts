import type { ServiceName, TenantErasure, TenantIntent } from '@driftbox/protocol';
import type { TenantRecord } from '@driftbox/resources';
import { exposureOf } from './exposure-of.ts';
import { keepers, type CellView, type Kept } from './cell-door.ts';
import type { Step } from './step.ts';
import type { TenantObserved } from './tenant-observed.ts';
import { tenantFinalizer } from './tenant.ts';

/**
 * What is known once a step has gone well: the world as it is then. Steps that answer something (a claim that another has, what a
 * service erased) are known better by whoever did them.
 */
export function mirrorStep(observed: TenantObserved, step: Step): TenantObserved {
  switch (step.do) {
    case 'protect':
      return withFinalizers(observed, [...(observed.tenant.metadata.finalizers ?? []), tenantFinalizer]);
    case 'unprotect':
      return withFinalizers(
        observed,
        (observed.tenant.metadata.finalizers ?? []).filter((one) => one !== tenantFinalizer),
      );
    case 'record':
      return withRecord(observed, step.record);
    case 'claim':
      return withClaim(observed, step.host, true);
    case 'release':
      return withClaim(observed, step.host, false);
    case 'invite':
      return { ...observed, invitation: 'known to the Secret alone'.padEnd(32, '.'), hasInvitation: true };
    case 'uninvite':
      return { ...observed, hasInvitation: false };
    case 'register':
      return { ...observed, registered: true, view: viewAfter(observed.view, step.intent) };
    case 'route':
      return { ...observed, routed: true };
    case 'probe':
      return { ...observed, probes: step.hosts.map((host) => ({ host, kind: 'serves' })) };
    case 'backup':
      return { ...observed, lastBackup: { kind: 'there', isWhole: true, message: 'it is whole' } };
    case 'erase':
      return withErasure(observed, step.service, erasedNow(observed));
    case 'cell':
    case 'dropCell':
      return withCell(observed, step);
  }
}

function withFinalizers(observed: TenantObserved, finalizers: readonly string[]): TenantObserved {
  return { ...observed, tenant: { ...observed.tenant, metadata: { ...observed.tenant.metadata, finalizers } } };
}

/** Its place is known since; of what is there, nothing is until somebody asks. */
function withRecord(observed: TenantObserved, record: TenantRecord): TenantObserved {
  const exposure = observed.exposure ?? exposureOf(record.cell, observed.cells);
  const known = { ...observed, record, recordOrphaned: false, exposure };
  return observed.view === undefined ? { ...known, door: { kind: 'open' }, view: nobody } : known;
}

function withClaim(observed: TenantObserved, host: string, isMine: boolean): TenantObserved {
  const claims = new Map(observed.claims);
  if (isMine) claims.set(host, { tenantId: observed.tenantId, tenant: observed.tenant.metadata.name });
  else claims.delete(host);
  return { ...observed, claims };
}

/** What services know after they took an intent; those that have erased the tenant take none. */
function viewAfter(view: CellView | undefined, intent: TenantIntent): CellView {
  const after = (kept: Kept | undefined): Kept => (kept?.kind === 'erased' ? kept : { kind: 'kept', intent });
  const kept = Object.fromEntries(keepers.map((keeper) => [keeper, after(view?.kept[keeper])])) as CellView['kept'];
  return { kept, usage: view?.usage ?? nothingUsed, content: view?.content ?? nothingStored };
}

const nothingUsed: CellView['usage'] = { storageBytes: 0, files: 0, users: 0 };
const nothingStored: CellView['content'] = { damagedChunks: 0 };
/** Of a tenant that nobody has heard of yet. */
const nobody: CellView = {
  kept: { metadata: { kind: 'absent' }, upload: { kind: 'absent' }, auth: { kind: 'absent' } },
  usage: nothingUsed,
  content: nothingStored,
};

function erasedNow({ tenantId, epochMs }: TenantObserved): TenantErasure {
  const now = new Date(epochMs).toISOString();
  return { tenantId, state: 'erased', requestedAt: now, erasedAt: now, erased: {} };
}

/** From a service's first answer on nothing can be put there any more. */
export function withErasure(observed: TenantObserved, service: ServiceName, erasure: TenantErasure): TenantObserved {
  const { view } = observed;
  const isKeeper = keepers.some((keeper) => keeper === service);
  const after = view === undefined || !isKeeper ? view : { ...view, kept: { ...view.kept, [service]: { kind: 'erased' as const } } };
  return { ...observed, view: after, erasures: { ...observed.erasures, [service]: erasure } };
}

function withCell(observed: TenantObserved, step: Extract<Step, { do: 'cell' | 'dropCell' }>): TenantObserved {
  const name = step.do === 'cell' ? step.cell.metadata.name : step.name;
  const known = observed.cells.find((cell) => cell.name === name);
  const others = observed.cells.filter((cell) => cell.name !== name);
  if (step.do === 'dropCell') return { ...observed, cells: known === undefined ? others : [...others, { ...known, isGoing: true }] };
  const made = {
    name,
    labels: {},
    isReady: false,
    isGoing: false,
    tenants: 1,
    ...known,
    spec: step.cell['spec'] as TenantObserved['cells'][number]['spec'],
  };
  return { ...observed, cells: [...others, made] };
}
