import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api, type KubeObject } from '../runtime/index.ts';
import { textOf } from '../secret.ts';
import type { Workload } from '../workload.ts';
import { readSecret } from './read-copied.ts';

/** The Cluster of CloudNativePG, as the chart names it: that operator takes only names that are shorter than those of releases may be. */
export const postgresCluster = 'driftbox-postgres';

/** What CloudNativePG says of a Cluster, as far as it is waited for. */
export type ClusterObject = KubeObject & {
  readonly spec?: { readonly instances?: number };
  readonly status?: {
    readonly readyInstances?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
};

/** How far the PostgreSQL of CloudNativePG is. */
export type DelegatedPostgres = {
  /** Absent until there is a Cluster. */
  readonly workload?: Workload;
  /** The authority of its servers' certificates, in PEM; absent until that operator has made it. */
  readonly authority?: string;
};

/** Looks how far a Cluster is, in the namespace of a cell. Throws `ApiRefused` where it cannot. */
export async function seePostgres(api: Api, namespace: string, signal: AbortSignal): Promise<DelegatedPostgres> {
  const answer = await api.get<ClusterObject>(kubeKinds.postgresCluster, { namespace, name: postgresCluster }, { signal });
  if (answer.kind === 'notFound') return {};
  const cluster = expectOk(answer, `looking at the Cluster ${postgresCluster}`);
  const secret = await readSecret(api, namespace, `${postgresCluster}-ca`, signal);
  const authority = secret && textOf(secret)['ca.crt'];
  const workload = clusterWorkload(cluster, authority !== undefined);
  return authority === undefined ? { workload } : { workload, authority };
}

/** A Cluster as a workload: ready with all of its instances, and with an authority by which they can be told from others. */
export function clusterWorkload({ metadata, spec = {}, status = {} }: ClusterObject, isCertified: boolean): Workload {
  const { readyInstances = 0, conditions = [] } = status;
  const isWell = conditions.some((one) => one.type === 'Ready' && one.status === 'True');
  return {
    name: metadata.name,
    release: metadata.labels?.['app.kubernetes.io/instance'] ?? '',
    isReady: isCertified && isWell && readyInstances === spec.instances,
    serves: readyInstances > 0,
    ...(metadata.deletionTimestamp === undefined ? {} : { isGoing: true }),
  };
}
