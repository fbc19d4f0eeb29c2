import type { KubeObject } from './runtime/index.ts';

/** A Deployment or StatefulSet as the API has it. */
export type WorkloadObject = KubeObject & {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
  };
};

/** On pods, and on what they are made of: which Secrets they are started with, as the chart says it. */
export const secretsAnnotation = 'driftbox.io/secrets';

/** How far a workload is. */
export type Workload = {
  readonly name: string;
  /** The Helm release that it is of. */
  readonly release: string;
  /** True once all of its pods are there in their newest form, and ready, and no others. */
  readonly isReady: boolean;
  /** True while it can serve: at least one pod is ready. */
  readonly serves: boolean;
  /** Which Secrets its pods are to be started with. */
  readonly secrets?: string | undefined;
};

/** Reads how far a workload is; what its controller has not looked at yet is not ready, whatever its status says. */
export function workloadOf({ metadata, spec = {}, status = {} }: WorkloadObject): Workload {
  const { replicas = 1 } = spec;
  const { observedGeneration = 0, updatedReplicas = 0, readyReplicas = 0, replicas: all = 0 } = status;
  const isSeen = observedGeneration >= (metadata.generation ?? 0);
  return {
    name: metadata.name,
    release: metadata.labels?.['app.kubernetes.io/instance'] ?? '',
    isReady: isSeen && updatedReplicas === replicas && readyReplicas === replicas && all === replicas,
    serves: readyReplicas > 0,
    secrets: spec.template?.metadata?.annotations?.[secretsAnnotation],
  };
}
