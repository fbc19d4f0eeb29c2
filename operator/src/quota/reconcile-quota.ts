import { quotaKind } from '@driftbox/resources';
import {
  expectOk,
  listAll,
  placeOf,
  transitions,
  writeStatus,
  type Api,
  type Cache,
  type EventRecorder,
  type PassContext,
  type Reconcile,
  type Reconciled,
} from '../runtime/index.ts';
import { judgedSpec } from '../judged-spec.ts';
import { setFinalizers } from '../set-finalizers.ts';
import { tenantResource } from '../tenant/tenant.ts';
import { planQuota } from './plan-quota.ts';
import { quotaFinalizer, quotaManager, quotaResource, type Quota, type QuotaStatus, type TenantOfQuota } from './quota.ts';

/** What a pass over a Quota works with. */
export type QuotaParts = {
  readonly api: Api;
  readonly quotas: Pick<Cache<Quota>, 'get'>;
  readonly tenants: Pick<Cache<TenantOfQuota, 'quota'>, 'find'>;
  readonly events: Pick<EventRecorder, 'record'>;
  readonly wallMs?: (() => number) | undefined;
};

/** Counts who names a Quota, says whether it holds, and keeps it while somebody names it. */
export function reconcileQuota(parts: QuotaParts): Reconcile {
  const { api, quotas, tenants, wallMs = Date.now } = parts;
  return async (key, context): Promise<Reconciled> => {
    const quota = quotas.get(key);
    if (quota === undefined) return { kind: 'gone' };
    const { name } = placeOf(key);
    const judged = judgedSpec(quotaKind, quota);
    const observed = { quota, tenants: tenants.find('quota', name).map(nameOf), faults: judged.ok ? [] : judged.faults, epochMs: wallMs() };
    const plan = planQuota(observed);
    if (plan.protection === 'none') return { kind: 'gone' };
    if (plan.protection === 'remove') return release(parts, quota, context);
    await say(parts, plan.protection === 'add' ? await protect(api, quota, context) : quota, plan.status, context);
    return { kind: 'settled' };
  };
}

/** Puts our finalizer; answers the Quota as it is since, as far as writing its status goes. */
async function protect(api: Api, quota: Quota, context: PassContext): Promise<Quota> {
  const written = await setFinalizers(api, quotaResource, quota, [quotaFinalizer], by(context));
  const { resourceVersion = '' } = expectOk(written, `protecting Quota ${quota.metadata.name}`).metadata;
  return { ...quota, metadata: { ...quota.metadata, resourceVersion } };
}

/** The cache may not have heard of a tenant that names it since: only the server knows. */
async function release({ api }: QuotaParts, quota: Quota, context: PassContext): Promise<Reconciled> {
  const { name } = quota.metadata;
  const options = {
    api,
    kind: tenantResource,
    selection: {},
    pageSize: 500,
    ingest: (tenant: TenantOfQuota) => tenant,
    signal: context.signal,
  };
  const { items } = expectOk(await listAll<TenantOfQuota>(options), `looking for tenants of Quota ${name}`);
  if (items.some(({ spec }) => spec.quota === name)) return { kind: 'again', afterMs: 1_000 };
  expectOk(await setFinalizers(api, quotaResource, quota, [], by(context)), `releasing Quota ${name}`);
  return { kind: 'gone' };
}

function by({ signal }: PassContext) {
  return { manager: quotaManager, signal };
}

async function say({ api, events }: QuotaParts, quota: Quota, status: QuotaStatus, { signal }: PassContext): Promise<void> {
  const wrote = await writeStatus(api, quotaResource, quota, status, { manager: quotaManager, signal });
  if (!wrote) return;
  for (const { type, status: truth, reason, message } of transitions(quota.status?.conditions, status.conditions)) {
    const isGood = (type === 'Ready') === (truth === 'True');
    events.record(quota, { type: isGood ? 'Normal' : 'Warning', reason, action: 'Reconcile', note: message });
  }
}

function nameOf({ metadata }: TenantOfQuota): string {
  return metadata.name;
}
