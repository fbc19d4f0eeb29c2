import type { Manifest } from '@driftbox/resources';
import { apiVersionOf, expectOk, type Api, type KubeObject, type ResourceKind } from '../runtime/index.ts';
import { routeName } from '@driftbox/resources';
import type { TenantObserved } from './tenant-observed.ts';
import { tenantManager } from './tenant.ts';

const ingress: ResourceKind = { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress', plural: 'ingresses', namespaced: true };
const httpRoute: ResourceKind = {
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  kind: 'HTTPRoute',
  plural: 'httproutes',
  namespaced: true,
};
const certificate: ResourceKind = {
  group: 'cert-manager.io',
  version: 'v1',
  kind: 'Certificate',
  plural: 'certificates',
  namespaced: true,
};

/** Applies the routes of a tenant in the namespace of its cell, and removes those that are no longer wanted there. */
export async function applyRoutes(
  { api, signal }: { readonly api: Api; readonly signal: AbortSignal },
  { exposure, tenant }: TenantObserved,
  routes: readonly Manifest[],
): Promise<void> {
  if (exposure === undefined) return;
  for (const kind of kindsOf(exposure.spec)) {
    const wanted = routes.find((route) => route.kind === kind.kind && route.apiVersion === apiVersionOf(kind));
    const name = routeName(tenant.metadata.name);
    const doing = `${wanted === undefined ? 'removing' : 'applying'} ${kind.kind} ${exposure.namespace}/${name}`;
    if (wanted !== undefined) {
      expectOk(await api.apply<KubeObject>(kind, wanted, { manager: tenantManager, signal }), doing);
      continue;
    }
    const gone = await api.delete(kind, { namespace: exposure.namespace, name }, { signal });
    if (gone.kind !== 'notFound') expectOk(gone, doing);
  }
}

function kindsOf({ expose, tls }: NonNullable<TenantObserved['exposure']>['spec']): ResourceKind[] {
  const route = expose.gateway === undefined ? ingress : httpRoute;
  return tls?.issuer === undefined ? [route] : [route, certificate];
}
