import http from 'node:http';
import https from 'node:https';
import assert from 'node:assert/strict';
import { KubeConfig } from '@kubernetes/client-node';

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

/**
 * Reads a kubeconfig file, or, without one, finds the way as kubectl does: `KUBECONFIG`, the home folder, the pod's account. Throws where
 * it is broken.
 */
export function readKubeConfig(file?: string): KubeConfig {
  const config = new KubeConfig();
  if (file === undefined) config.loadFromDefault();
  else config.loadFromFile(file);
  return config;
}

/**
 * Access by a kubeconfig's current context. The library gives identity, certificates and proxies; connections are our own, since its
 * agents outlive a renewed client certificate. Node's agent tells connections apart by their TLS settings.
 */
export function accessFrom(config: KubeConfig): ClusterAccess {
  const cluster = config.getCurrentCluster();
  assert(cluster !== null, 'the kubeconfig has no current cluster');
  const server = new URL(cluster.server);
  const settings = { keepAlive: true, keepAliveMsecs: 30_000, maxSockets: mostSockets, maxFreeSockets: 16, scheduling: 'lifo' } as const;
  const agent = server.protocol === 'http:' ? new http.Agent(settings) : new https.Agent(settings);
  return {
    server,
    async options() {
      const options: https.RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return cluster.proxyUrl === undefined ? { ...options, agent } : options;
    },
    sockets: () => countSockets(agent),
    close: () => agent.destroy(),
  };
}

function countSockets(agent: http.Agent): number {
  return [agent.sockets, agent.freeSockets]
    .flatMap((pool) => Object.values(pool))
    .reduce((sum, sockets) => sum + (sockets?.length ?? 0), 0);
}
