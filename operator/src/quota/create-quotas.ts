import { Cache, Controller, keyOf, type Change, type ControllerOptions } from '../runtime/index.ts';
import type { Follow, Following, KindParts } from '../kind-parts.ts';
import { tenantResource } from '../tenant/tenant.ts';
import { quotaResource, type Quota, type TenantOfQuota } from './quota.ts';
import { reconcileQuota } from './reconcile-quota.ts';
import { tracePass } from '../trace-pass.ts';

/** What looks after Quotas: it follows them and the tenants that name them. */
export function createQuotas(
  { api, events }: KindParts,
  follow: Follow,
  control: (name: string) => Omit<ControllerOptions, 'reconcile'>,
): { readonly controller: Controller; readonly reflectors: readonly Following[] } {
  const quotas = new Cache<Quota>();
  const tenants = new Cache<TenantOfQuota, 'quota'>({ quota: ({ spec }) => (spec.quota === undefined ? [] : [spec.quota]) });
  const controller = new Controller({
    ...control('quota'),
    reconcile: tracePass('Quota', reconcileQuota({ api, quotas, tenants, events })),
  });
  const reflectors = [
    follow<Quota, never>({
      kind: quotaResource,
      cache: quotas,
      // Those found at a start come before anybody waits for them.
      onChange: ({ type, object }) => controller.add(keyOf(object.metadata), type === 'added' ? 'low' : 'normal'),
    }),
    follow<TenantOfQuota, 'quota'>({
      kind: tenantResource,
      cache: tenants,
      onChange: (change) => quotasNamed(change).forEach((name) => controller.add(keyOf({ name }))),
    }),
  ];
  return { controller, reflectors };
}

/** Quotas whose count of tenants a change may have moved. */
function quotasNamed(change: Change<TenantOfQuota>): string[] {
  const named = [change.object.spec.quota, change.type === 'changed' ? change.previous.spec.quota : undefined];
  return named.filter((one) => one !== undefined);
}
