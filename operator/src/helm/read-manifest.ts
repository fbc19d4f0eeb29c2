import { parseAllDocuments } from 'yaml';
import { kubeKinds } from '../kube-kinds.ts';
import { apiVersionOf, type KubeObject, type ResourceKind } from '../runtime/index.ts';

/** One object that a chart makes, and where the API serves its kind. */
export type ManifestObject = { readonly kind: ResourceKind; readonly object: KubeObject };

/** A chart makes what does not belong to it. */
export class ChartRefused extends Error {
  constructor(problems: readonly string[]) {
    super(`the chart would make what is not the release's: ${problems.join(', ')}`);
    this.name = 'ChartRefused';
  }
}

/** What a chart may make: nothing that belongs to the whole cluster, gives rights or holds secrets. */
const allowed: readonly ResourceKind[] = [
  kubeKinds.configMap,
  kubeKinds.service,
  kubeKinds.serviceAccount,
  kubeKinds.deployment,
  kubeKinds.statefulSet,
  kubeKinds.autoscaler,
  kubeKinds.budget,
  kubeKinds.networkPolicy,
  kubeKinds.ingress,
  kubeKinds.httpRoute,
  kubeKinds.serviceMonitor,
  kubeKinds.postgresCluster,
  kubeKinds.kafka,
  kubeKinds.kafkaNodePool,
];

/** The objects of a manifest, each with its namespace. Throws `ChartRefused` where one may not be, naming all of these. */
export function readManifest(text: string, namespace: string): ManifestObject[] {
  const problems: string[] = [];
  const objects: ManifestObject[] = [];
  // As Helm reads it: 0440 is octal there. In the newer YAML it would be another number, and look changed by hand.
  for (const document of parseAllDocuments(text, { version: '1.1' })) {
    const object = document.toJS() as KubeObject | null;
    if (object === null) continue;
    const kind = allowed.find((one) => one.kind === object.kind && apiVersionOf(one) === object.apiVersion);
    const { name, namespace: own = namespace } = object.metadata;
    if (kind === undefined) problems.push(`${object.apiVersion} ${object.kind} ${name}`);
    else if (own !== namespace) problems.push(`${object.kind} ${name} in ${own}`);
    else objects.push({ kind, object: { ...object, metadata: { ...object.metadata, namespace } } });
  }
  if (problems.length > 0) throw new ChartRefused(problems);
  return objects;
}
