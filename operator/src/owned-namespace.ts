import { createHash } from 'node:crypto';
import type { KubeObject } from './runtime/index.ts';

/** What a namespace of ours is made from. */
export type OwnedNamespace = {
  readonly name: string;
  /** Says whose it is; an admission policy lets the operator touch no others. */
  readonly label: { readonly name: string; readonly value: string };
  readonly size: 'tiny' | 'small' | 'large';
  /** The operator's own account, where it has one: it gets the rights that it needs there. */
  readonly account?: { readonly namespace: string; readonly name: string } | undefined;
};

/** On the namespace, once everything in it is there: what that was made from. */
export const baseAnnotation = 'driftbox.io/base';

/** At most so much is asked for in a namespace, upgrades included, in which each pod is there twice for a while. */
const bounds = {
  tiny: { pods: '40', 'requests.cpu': '4', 'requests.memory': '12Gi', persistentvolumeclaims: '16' },
  small: { pods: '160', 'requests.cpu': '64', 'requests.memory': '128Gi', persistentvolumeclaims: '40' },
  large: { pods: '800', 'requests.cpu': '800', 'requests.memory': '1600Gi', persistentvolumeclaims: '80' },
} as const;

const restricted = ['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted'] as const);

/** The namespace itself, restricted as far as Kubernetes knows how to. */
export function namespaceObject({ name, label }: OwnedNamespace, base?: string): KubeObject {
  const labels = { ...Object.fromEntries(restricted), [label.name]: label.value, 'app.kubernetes.io/part-of': 'driftbox' };
  const annotations = base === undefined ? {} : { annotations: { [baseAnnotation]: base } };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, ...annotations } };
}

/** What is in it before anything runs: the operator's rights, bounds for all pods together and each, and no traffic but what is named. */
export function baseObjects({ name, size, account }: OwnedNamespace): KubeObject[] {
  const metadata = (of: string) => ({ name: of, namespace: name, labels: { 'app.kubernetes.io/part-of': 'driftbox' } });
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: metadata('driftbox'), spec: { hard: bounds[size] } };
  const limits = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: metadata('driftbox'),
    spec: {
      limits: [
        { type: 'Container', defaultRequest: { cpu: '50m', memory: '64Mi' }, default: { cpu: '500m', memory: '256Mi' } },
        { type: 'PersistentVolumeClaim', min: { storage: '64Mi' } },
      ],
    },
  };
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata('driftbox-default-deny'),
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  };
  return [...(account === undefined ? [] : [binding(account, metadata('driftbox-operator'))]), quota, limits, policy] as KubeObject[];
}

/** The one role that the operator may bind itself to, in this namespace. */
function binding(account: { readonly namespace: string; readonly name: string }, metadata: object): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `${account.name}-cell` },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  };
}

/** Digest of objects, to know without reading them whether they are the ones that were applied last. */
export function digestOf(objects: unknown): string {
  return createHash('sha256').update(JSON.stringify(objects)).digest('hex').slice(0, 40);
}
