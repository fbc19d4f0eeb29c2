import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { testComponent } from '@driftbox/testkit';
import { expectOk } from '../runtime/api/answer.ts';
import type { Api } from '../runtime/api/api.ts';
import { accessFrom, readKubeConfig, type ClusterAccess } from '../runtime/api/cluster-access.ts';
import { createApi } from '../runtime/api/create-api.ts';
import type { ResourceKind } from '../runtime/api/object.ts';

/** Where a server listens. */
export type Address = { readonly host: string; readonly port: number };

const namespaceKind: ResourceKind = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

/** Access to the API server of this test run, as somebody who may do everything; `through` goes by way of a proxy. */
export function realAccess(through?: Address): ClusterAccess {
  const config = readKubeConfig(testComponent('k8s').kubeconfig);
  const cluster = config.getCurrentCluster();
  if (through === undefined || cluster === null) return accessFrom(config);
  const { hostname } = new URL(cluster.server);
  // The certificate is for the server's own name; an address may not be asked for by name (RFC 6066, 3).
  const byName = isIP(hostname) === 0 ? { tlsServerName: hostname } : {};
  const detour = new KubeConfig();
  detour.loadFromOptions({
    clusters: [{ ...cluster, ...byName, server: `https://${through.host}:${through.port}` }],
    users: config.getUsers(),
    contexts: config.getContexts(),
    currentContext: config.getCurrentContext(),
  });
  return accessFrom(detour);
}

/** Where the API server of this test run listens. */
export function realAddress(): Address {
  const { hostname, port } = new URL(testComponent('k8s').url);
  return { host: hostname, port: Number(port || 443) };
}

/** Access, an `Api` on it that no rate limit slows down, and a namespace of the test's own. */
export type RealWorld = AsyncDisposable & { readonly access: ClusterAccess; readonly api: Api; readonly namespace: string };

/** Makes a namespace; it goes with the world, where the cluster has a controller for that. */
export async function openRealWorld(): Promise<RealWorld> {
  const access = realAccess();
  const api = createApi({ access, userAgent: 'driftbox-test', rate: { perSecond: 1_000, burst: 1_000 } });
  const namespace = `operator-${randomUUID().slice(0, 8)}`;
  expectOk(await api.create(namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }), 'making a namespace');
  return {
    access,
    api,
    namespace,
    async [Symbol.asyncDispose]() {
      await api.delete(namespaceKind, { name: namespace });
      access.close();
    },
  };
}
