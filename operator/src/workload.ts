import { parseQuantity } from '@driftbox/resources';
import type { KubeObject } from './runtime/index.ts';

type ClaimTemplate = {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly resources?: { readonly requests?: { readonly storage?: string } } };
};

/** A Deployment or StatefulSet as the API has it. */
export type WorkloadObject = KubeObject & {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: {
      readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec?: { readonly volumes?: readonly { readonly name: string }[] };
    };
    readonly volumeClaimTemplates?: readonly ClaimTemplate[];
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
  /** Of a StatefulSet: how large the volumes of its next pods would be, and their names before that of the pod. */
  readonly volumes?: { readonly bytes: bigint; readonly names: readonly string[] };
  readonly isGoing?: true;
};

/** Whether the volumes of a workload are smaller than they are to be, or it is on its way out to come again with larger ones. */
export function isGrowing({ name, volumes, isGoing }: Workload, sizes: VolumeSizes): boolean {
  const wanted = parseQuantity(sizes[name] ?? '');
  return wanted !== undefined && (isGoing === true || (volumes !== undefined && volumes.bytes < wanted));
}

/** How large the volumes of StatefulSets are to be, by the name of each; of others nothing is wanted. */
export type VolumeSizes = Readonly<Record<string, string | undefined>>;

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
    ...(metadata.deletionTimestamp === undefined ? {} : { isGoing: true }),
    ...volumesOf(spec.volumeClaimTemplates ?? []),
  };
}

/** Those of one workload are all of one size. */
function volumesOf(templates: readonly ClaimTemplate[]): Pick<Workload, 'volumes'> {
  const bytes = parseQuantity(templates[0]?.spec?.resources?.requests?.storage ?? '');
  const names = templates.flatMap(({ metadata }) => metadata?.name ?? []);
  return bytes === undefined ? {} : { volumes: { bytes, names } };
}
