import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api, type KubeObject } from '../runtime/index.ts';
import type { Workload } from '../workload.ts';

/** The Kafka of Strimzi, as the chart names it; the claims of its brokers begin with `kafkaClaims`. */
export const kafkaCluster = 'driftbox-kafka';
export const kafkaClaims = `data-0-${kafkaCluster}-`;

/** What Strimzi says of a Kafka, as far as it is waited for. */
export type KafkaObject = KubeObject & {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
};

/** Looks how far a Kafka is, in the namespace of a cell; undefined where there is none. Throws `ApiRefused` where it cannot. */
export async function seeKafka(api: Api, namespace: string, signal: AbortSignal): Promise<Workload | undefined> {
  const answer = await api.get<KafkaObject>(kubeKinds.kafka, { namespace, name: kafkaCluster }, { signal });
  return answer.kind === 'notFound' ? undefined : kafkaWorkload(expectOk(answer, `looking at the Kafka ${kafkaCluster}`));
}

/** A Kafka as a workload: ready when Strimzi says so of what it is now. */
export function kafkaWorkload({ metadata, status = {} }: KafkaObject): Workload {
  const { observedGeneration = 0, conditions = [] } = status;
  const isWell = conditions.some((one) => one.type === 'Ready' && one.status === 'True');
  return {
    name: metadata.name,
    release: metadata.labels?.['app.kubernetes.io/instance'] ?? '',
    isReady: isWell && observedGeneration >= (metadata.generation ?? 0),
    serves: isWell,
    ...(metadata.deletionTimestamp === undefined ? {} : { isGoing: true }),
  };
}
