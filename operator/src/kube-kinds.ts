import type { ResourceKind } from './runtime/index.ts';

const core = { group: '', version: 'v1', namespaced: true } as const;
const apps = { group: 'apps', version: 'v1', namespaced: true } as const;
const networking = { group: 'networking.k8s.io', version: 'v1', namespaced: true } as const;

/** Kinds of Kubernetes itself that the operator writes or reads, where the API serves them. */
export const kubeKinds = {
  namespace: { ...core, kind: 'Namespace', plural: 'namespaces', namespaced: false },
  persistentVolume: { ...core, kind: 'PersistentVolume', plural: 'persistentvolumes', namespaced: false },
  persistentVolumeClaim: { ...core, kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims' },
  pod: { ...core, kind: 'Pod', plural: 'pods' },
  secret: { ...core, kind: 'Secret', plural: 'secrets' },
  configMap: { ...core, kind: 'ConfigMap', plural: 'configmaps' },
  service: { ...core, kind: 'Service', plural: 'services' },
  serviceAccount: { ...core, kind: 'ServiceAccount', plural: 'serviceaccounts' },
  resourceQuota: { ...core, kind: 'ResourceQuota', plural: 'resourcequotas' },
  limitRange: { ...core, kind: 'LimitRange', plural: 'limitranges' },
  deployment: { ...apps, kind: 'Deployment', plural: 'deployments' },
  statefulSet: { ...apps, kind: 'StatefulSet', plural: 'statefulsets' },
  job: { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true },
  autoscaler: {
    group: 'autoscaling',
    version: 'v2',
    kind: 'HorizontalPodAutoscaler',
    plural: 'horizontalpodautoscalers',
    namespaced: true,
  },
  budget: { group: 'policy', version: 'v1', kind: 'PodDisruptionBudget', plural: 'poddisruptionbudgets', namespaced: true },
  networkPolicy: { ...networking, kind: 'NetworkPolicy', plural: 'networkpolicies' },
  ingress: { ...networking, kind: 'Ingress', plural: 'ingresses' },
  httpRoute: { group: 'gateway.networking.k8s.io', version: 'v1', kind: 'HTTPRoute', plural: 'httproutes', namespaced: true },
  serviceMonitor: { group: 'monitoring.coreos.com', version: 'v1', kind: 'ServiceMonitor', plural: 'servicemonitors', namespaced: true },
  postgresCluster: { group: 'postgresql.cnpg.io', version: 'v1', kind: 'Cluster', plural: 'clusters', namespaced: true },
  kafka: { group: 'kafka.strimzi.io', version: 'v1', kind: 'Kafka', plural: 'kafkas', namespaced: true },
  kafkaNodePool: { group: 'kafka.strimzi.io', version: 'v1', kind: 'KafkaNodePool', plural: 'kafkanodepools', namespaced: true },
  definition: {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    namespaced: false,
  },
  roleBinding: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'RoleBinding', plural: 'rolebindings', namespaced: true },
} as const satisfies Record<string, ResourceKind>;
