import http from 'node:http';
import https from 'node:https';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type * as ClientNode from '@kubernetes/client-node';

/** How to reach an API server: where it is, and what to bring. */
export type ClusterAccess = {
  readonly server: URL;
  /**
   * What a request carries: the agent with its kept connections, TLS settings, and headers that say who asks. Asked for each request, so
   * that renewed credentials come in.
   */
  options(): Promise<https.RequestOptions>;
  /** Sockets that are open now, in use or kept. */
  sockets(): number;
  /** Ends kept connections; requests under way are cut. */
  close(): void;
};

/** More requests than this wait for a connection; the rate limit and the deadline of each keep that queue short. */
const mostSockets = 256;

const load = createRequire(import.meta.url);

/**
 * Reads a kubeconfig file, or, without one, finds the way as kubectl does: `KUBECONFIG`, the home folder, the pod's account. Throws where
 * it is broken.
 */
export function readKubeConfig(file?: string): ClientNode.KubeConfig {
  // Only now: the library is a third of what an operator holds, and one in a pod needs none of it.
  const { KubeConfig } = load('@kubernetes/client-node') as typeof ClientNode;
  const config = new KubeConfig();
  if (file === undefined) config.loadFromDefault();
  else config.loadFromFile(file);
  return config;
}

/**
 * Access by a kubeconfig's current context. The library gives identity, certificates and proxies; connections are our own, since its
 * agents outlive a renewed client certificate. Node's agent tells connections apart by their TLS settings.
 */
export function accessFrom(config: ClientNode.KubeConfig): ClusterAccess {
  const cluster = config.getCurrentCluster();
  assert(cluster !== null, 'the kubeconfig has no current cluster');
  const { server, proxyUrl } = cluster;
  return keptAccess(
    new URL(server),
    async () => {
      const options: https.RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return options;
    },
    proxyUrl !== undefined,
  );
}

/**
 * Access by connections that are kept. `prove` says what a request carries; one that goes by way of a proxy comes with an agent, which
 * stays.
 */
export function keptAccess(server: URL, prove: () => Promise<https.RequestOptions>, isProxied = false): ClusterAccess {
  const settings = { keepAlive: true, keepAliveMsecs: 30_000, maxSockets: mostSockets, maxFreeSockets: 16, scheduling: 'lifo' } as const;
  const agent = server.protocol === 'http:' ? new http.Agent(settings) : new https.Agent(settings);
  return {
    server,
    options: async () => (isProxied ? prove() : { ...(await prove()), agent }),
    sockets: () => countSockets(agent),
    close: () => agent.destroy(),
  };
}

function countSockets(agent: http.Agent): number {
  return [agent.sockets, agent.freeSockets]
    .flatMap((pool) => Object.values(pool))
    .reduce((sum, sockets) => sum + (sockets?.length ?? 0), 0);
}
