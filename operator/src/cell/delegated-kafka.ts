import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api, type KubeObject } from '../runtime/index.ts';
import { textOf } from '../secret.ts';
import type { Workload } from '../workload.ts';
import { readSecret } from './read-copied.ts';

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

/** How far the Kafka of Strimzi is. */
export type DelegatedKafka = {
  /** Absent until there is a Kafka. */
  readonly workload?: Workload;
  /** The authorities of its brokers' certificates, in PEM; absent until Strimzi has made one. */
  readonly authority?: string;
};

/** Looks how far a Kafka is, in the namespace of a cell. Throws `ApiRefused` where it cannot. */
export async function seeKafka(api: Api, namespace: string, signal: AbortSignal): Promise<DelegatedKafka> {
  const answer = await api.get<KafkaObject>(kubeKinds.kafka, { namespace, name: kafkaCluster }, { signal });
  if (answer.kind === 'notFound') return {};
  const kafka = expectOk(answer, `looking at the Kafka ${kafkaCluster}`);
  const secret = await readSecret(api, namespace, `${kafkaCluster}-cluster-ca-cert`, signal);
  const authority = secret && authoritiesIn(textOf(secret));
  const workload = kafkaWorkload(kafka, authority !== undefined);
  return authority === undefined ? { workload } : { workload, authority };
}

/** A Kafka as a workload: ready when Strimzi says so of what it is now, and its brokers can be told from others. */
export function kafkaWorkload({ metadata, status = {} }: KafkaObject, isCertified: boolean): Workload {
  const { observedGeneration = 0, conditions = [] } = status;
  const isWell = conditions.some((one) => one.type === 'Ready' && one.status === 'True');
  return {
    name: metadata.name,
    release: metadata.labels?.['app.kubernetes.io/instance'] ?? '',
    isReady: isCertified && isWell && observedGeneration >= (metadata.generation ?? 0),
    serves: isWell,
    ...(metadata.deletionTimestamp === undefined ? {} : { isGoing: true }),
  };
}

/** While Strimzi replaces the key of its authority there is the one before as well, as `ca-DATE.crt`: brokers are still certified by it. */
export function authoritiesIn(text: Readonly<Record<string, string>>): string | undefined {
  if (!text['ca.crt']) return undefined;
  const names = Object.keys(text).filter((name) => name.endsWith('.crt'));
  return names
    .toSorted()
    .map((name) => `${(text[name] ?? '').trim()}\n`)
    .join('');
}
