import { isPlanAsked, requestedAt } from '../annotations.ts';
import {
  mergeConditions,
  placeOf,
  transitions,
  writeStatus,
  type Api,
  type EventRecorder,
  type PassContext,
  type Reconcile,
  type Reconciled,
} from '../runtime/index.ts';
import type { CellDoor, OpenCell } from './cell-door.ts';
import { nextUsage, shownContent } from './coarse-usage.ts';
import { effectiveStorage } from './effective-limits.ts';
import { executeStep } from './execute-step.ts';
import { nextStep } from './next-step.ts';
import { cellsSeen, observeTenant, poolsSeen } from './observe-tenant.ts';
import { planSteps } from './plan-steps.ts';
import { readIssuerSecrets } from './read-issuer-secrets.ts';
import type { Step } from './step.ts';
import { tenantConditions } from './tenant-conditions.ts';
import type { TenantCaches } from './tenant-caches.ts';
import type { TenantObserved } from './tenant-observed.ts';
import { tenantFinalizer, tenantManager, tenantResource, type Tenant, type TenantStatus } from './tenant.ts';

/** What a pass over a Tenant works with. */
export type TenantParts = {
  readonly api: Api;
  readonly caches: TenantCaches;
  readonly openCell: OpenCell;
  readonly events: Pick<EventRecorder, 'record'>;
  /** The operator's own. */
  readonly namespace: string;
  readonly wallMs?: (() => number) | undefined;
};

/** More steps than any pass needs: one that went on would go round in circles. */
const mostSteps = 200;

/** Brings a Tenant to what it says: decides on one step after another, does each, and says at the end what came of it. */
export function reconcileTenant(parts: TenantParts): Reconcile {
  const { caches, namespace, wallMs = Date.now } = parts;
  const shownMs = new Map<string, number>();
  return async (key, context): Promise<Reconciled> => {
    const tenant = caches.tenants.get(key);
    if (tenant === undefined) {
      shownMs.delete(placeOf(key).name);
      return { kind: 'gone' };
    }
    const seen = observeTenant(tenant, caches, namespace, wallMs());
    const issuerSecrets = await readIssuerSecrets(parts.api, namespace, seen.spec, context.signal);
    const first = await lookInside(parts, { ...seen, issuerSecrets }, context);
    const isPlanOnly = isPlanAsked(tenant) && tenant.metadata.deletionTimestamp === undefined;
    const last = isPlanOnly ? first : await work(parts, first, context);
    if (isReleased(last)) return { kind: 'gone' };
    await say(parts, last, isPlanOnly ? planSteps(first) : undefined, shownMs, context);
    if (last.failure !== undefined) throw last.failure.cause;
    return isPlanOnly ? { kind: 'settled' } : whenAgain(last);
  };
}

/** Asks the services of the cell, where it is known which, and there may be something to ask about. */
async function lookInside(parts: TenantParts, observed: TenantObserved, { signal }: PassContext): Promise<TenantObserved> {
  const { record } = observed;
  if (record === undefined || record.state === 'erased' || record.state === 'abandoned') return observed;
  try {
    const door = await parts.openCell(record.cell, signal);
    if ('waitsFor' in door) return { ...observed, door: { kind: 'waiting', why: door.waitsFor }, view: undefined };
    return { ...observed, door: { kind: 'open' }, view: await door.view(observed.tenantId, signal) };
  } catch (cause) {
    return {
      ...observed,
      door: { kind: 'open' },
      view: undefined,
      failure: { step: 'view', message: `asking Cell ${record.cell}: ${textOf(cause)}`, cause },
    };
  }
}

async function work(parts: TenantParts, first: TenantObserved, context: PassContext): Promise<TenantObserved> {
  let observed = first;
  for (let count = 0; count < mostSteps; count += 1) {
    const step = nextStep(observed.record === undefined ? withRoom(observed, parts.caches) : observed);
    if (step === undefined) return observed;
    context.signal.throwIfAborted();
    try {
      // Before anything is waited for: two that look at once must not take the same last place.
      if (step.do === 'record') parts.caches.reserved.set(observed.tenantId, step.record);
      observed = await take(parts, observed, step, context);
    } catch (cause) {
      return { ...observed, failure: { step: step.do, message: textOf(cause), cause } };
    } finally {
      parts.caches.reserved.delete(observed.tenantId);
    }
    if (step.do === 'erase' && observed.erasures[step.service]?.state === 'erasing') return observed;
  }
  throw new Error(`Tenant ${first.tenant.metadata.name} takes more than ${mostSteps} steps`);
}

/** Other passes have placed tenants meanwhile. */
function withRoom(observed: TenantObserved, caches: TenantCaches): TenantObserved {
  return { ...observed, cells: cellsSeen(caches), pools: poolsSeen(caches) };
}

async function take(parts: TenantParts, observed: TenantObserved, step: Step, context: PassContext): Promise<TenantObserved> {
  const { api, namespace, caches } = parts;
  const door = await doorFor(parts, observed, context);
  const after = await executeStep({ api, namespace, configMaps: caches.configMaps, door, signal: context.signal }, observed, step);
  if (step.do !== 'record' || observed.view !== undefined || after.record === undefined) return after;
  // It has a place since: what is there may be known already, of the one that it takes over.
  return lookInside(parts, after, context);
}

async function doorFor(
  { openCell }: TenantParts,
  { record, door }: TenantObserved,
  { signal }: PassContext,
): Promise<CellDoor | undefined> {
  if (record === undefined || door.kind !== 'open') return undefined;
  const opened = await openCell(record.cell, signal);
  return 'waitsFor' in opened ? undefined : opened;
}

/** True once our finalizer is gone from one that is to go: there is nothing left to say it of. */
function isReleased({ tenant }: TenantObserved): boolean {
  return tenant.metadata.deletionTimestamp !== undefined && !(tenant.metadata.finalizers ?? []).includes(tenantFinalizer);
}

async function say(
  { api, events }: TenantParts,
  observed: TenantObserved,
  plan: string | undefined,
  shownMs: Map<string, number>,
  { signal }: PassContext,
): Promise<void> {
  const { tenantId, record, view, epochMs } = observed;
  // As it came: what this pass did to it is not in the cache yet.
  const tenant: Tenant = { ...observed.tenant, metadata: { ...observed.tenant.metadata } };
  const { name, generation = 0, uid } = tenant.metadata;
  const isMine = record?.tenant.uid === uid && record !== undefined;
  const storage = effectiveStorage(observed);
  const token = requestedAt(tenant);
  const usage = view === undefined ? tenant.status?.usage : nextUsage(tenant.status?.usage, view.usage, epochMs - (shownMs.get(name) ?? 0));
  const content = view === undefined ? tenant.status?.content : shownContent(view.content);
  const conditions = tenantConditions(observed).map((condition) => ({ ...condition, observedGeneration: generation }));
  const merged = mergeConditions(tenant.status?.conditions, conditions, epochMs);
  const status: TenantStatus = {
    observedGeneration: generation,
    conditions: merged,
    ...(isMine ? { tenantId, cell: record.cell, pool: record.pool } : {}),
    ...(usage === undefined ? {} : { usage }),
    ...(content === undefined ? {} : { content }),
    ...(storage === undefined ? {} : { limits: { storage } }),
    ...(plan === undefined ? {} : { plan }),
    ...(token === undefined ? {} : { requestedAt: token }),
  };
  const wrote = await writeStatus(api, tenantResource, tenant, status, { manager: tenantManager, signal });
  if (usage !== tenant.status?.usage) shownMs.set(name, epochMs);
  if (!wrote) return;
  const wasSaid = (what: string): boolean => tenant.status?.conditions?.some(({ type }) => type === what) === true;
  for (const { type, status: truth, reason, message } of transitions(tenant.status?.conditions, merged)) {
    const isGood =
      (type === 'Stalled' || type === 'QuotaExceeded' || type === 'Deleting' || type === 'Paused' ? 'False' : 'True') === truth;
    // Of a tenant that comes about without trouble one line is enough; its conditions say the rest.
    if (isGood && type !== 'Ready' && !wasSaid(type)) continue;
    events.record(tenant, { type: isGood ? 'Normal' : 'Warning', reason, action: 'Reconcile', note: message });
  }
}

/** What waits for others is looked at soon; what is well, at the regular interval. */
function whenAgain(observed: TenantObserved): Reconciled {
  const { door, probes, record, erasures, tenant } = observed;
  if (tenant.metadata.deletionTimestamp !== undefined) {
    const isErasing = Object.values(erasures).some((erasure) => erasure?.state === 'erasing');
    return { kind: 'again', afterMs: isErasing ? 100 : 10_000 };
  }
  const [ready] = tenantConditions(observed);
  if (ready?.status === 'True' || ready?.reason === 'Suspended') return { kind: 'settled' };
  if (probes?.some(({ kind }) => kind !== 'serves') === true) return { kind: 'again', afterMs: 2_000 };
  return { kind: 'again', afterMs: record === undefined || door.kind === 'waiting' ? 10_000 : 30_000 };
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
