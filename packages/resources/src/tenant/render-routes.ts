import type { TenantId } from '@driftbox/domain';
import type { Manifest } from '../manifest.ts';
import { judgeHosts, type CellSpec } from './judge-hosts.ts';
import { tenantLabels } from './tenant-objects.ts';

/** Of a cell, what leads people to it. */
export type CellExposure = {
  /** Namespace of its pods. */
  readonly namespace: string;
  /** Service in front of its gateway. */
  readonly gatewayService: string;
  readonly spec: Pick<CellSpec, 'domain' | 'expose' | 'tls'>;
};

/** Of a tenant, what leads to it. */
export type RoutedTenant = { readonly name: string; readonly tenantId: TenantId; readonly hosts: readonly string[] };

/**
 * What leads people to a tenant by its own hosts: a route, and where the cell has an issuer a certificate. Nothing for hosts under the
 * cell's domain, which the cell's own route serves, and none where there is neither Ingress nor Gateway.
 */
export function renderRoutes(tenant: RoutedTenant, cell: CellExposure): Manifest[] {
  const { own } = judgeHosts(tenant.hosts, cell.spec);
  if (own.length === 0) return [];
  const { expose, tls } = cell.spec;
  const metadata = {
    name: routeName(tenant.name),
    namespace: cell.namespace,
    labels: tenantLabels('route', tenant.name, tenant.tenantId),
  };
  const secretName = tls?.issuer === undefined ? undefined : `${routeName(tenant.name)}-tls`;
  const route =
    expose.gateway === undefined
      ? ingress(metadata, own, cell.gatewayService, expose.ingress?.className, secretName)
      : httpRoute(metadata, own, cell.gatewayService, expose.gateway);
  if (tls?.issuer === undefined) return [route];
  const issuerRef = { group: 'cert-manager.io', kind: 'ClusterIssuer', name: tls.issuer };
  return [route, { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata, spec: { secretName, dnsNames: own, issuerRef } }];
}

/** Name of a tenant's route, and of its certificate. */
export function routeName(name: string): string {
  return `tenant-${name}`;
}

function ingress(
  metadata: Manifest['metadata'],
  hosts: readonly string[],
  service: string,
  className: string | undefined,
  secretName: string | undefined,
): Manifest {
  const backend = { service: { name: service, port: { name: 'http' } } };
  const spec = {
    ...(className === undefined ? {} : { ingressClassName: className }),
    ...(secretName === undefined ? {} : { tls: [{ hosts, secretName }] }),
    rules: hosts.map((host) => ({ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } })),
  };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec };
}

function httpRoute(
  metadata: Manifest['metadata'],
  hostnames: readonly string[],
  service: string,
  gateway: { readonly name: string; readonly namespace: string },
): Manifest {
  const rules = [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: service, port: 80 }] }];
  const spec = { parentRefs: [{ name: gateway.name, namespace: gateway.namespace }], hostnames, rules };
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata, spec };
}
