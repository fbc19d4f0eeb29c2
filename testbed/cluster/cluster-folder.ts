import { homedir } from 'node:os';
import path from 'node:path';

/** Addresses inside the node's own network; 198.18.0.0/15 is set aside for tests of networks (RFC 2544), so it meets no other. */
export const network = {
  host: '198.18.0.1',
  node: '198.18.0.2',
  pods: '198.18.64.0/18',
  services: '198.19.0.0/16',
  dns: '198.19.0.10',
  kubernetes: '198.19.0.1',
} as const;

/** The one cluster of this machine: its network and its control groups have one name. `DRIFTBOX_CLUSTER` names another folder. */
export function clusterFolder(): string {
  const userCache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  return process.env['DRIFTBOX_CLUSTER'] ?? path.join(userCache, 'driftbox', 'cluster');
}

/** What kubectl needs to be the cluster's administrator. */
export function adminKubeconfig(): string {
  return path.join(clusterFolder(), 'pki/admin.kubeconfig');
}

/** The first process of the node. */
export const initScript = path.join(import.meta.dirname, 'node/init.sh');
