import {
  configMapKind,
  resourceKindOf,
  secretKind,
  tenantResource,
  type KubeObject,
  type ResourceKind,
  type Tenant,
} from '@driftbox/operator';
import { quotaKind } from '@driftbox/resources';
import type { ClusterOfTest } from './cluster-of-test.ts';

/** An object and what it is. */
export type Made = { readonly kind: ResourceKind; readonly object: KubeObject };

/** What there is of tenants, by kind and name: they, their quotas, and what is written for them. The lease is none of it. */
export async function objectsOf({ api, only, namespace }: ClusterOfTest): Promise<ReadonlyMap<string, Made>> {
  const found = new Map<string, Made>();
  const scopes: readonly [ResourceKind, object][] = [
    [tenantResource, { labelSelector: only }],
    [resourceKindOf(quotaKind), { labelSelector: only }],
    [configMapKind, { namespace }],
    [secretKind, { namespace }],
  ];
  for (const [kind, selection] of scopes) {
    const answer = await api.list<KubeObject>(kind, selection);
    if (answer.kind !== 'ok') throw new Error(answer.message);
    for (const object of answer.value.items) found.set(`${kind.kind} ${object.metadata.name}`, { kind, object });
  }
  return found;
}

/** The versions of everything that an operator writes for tenants, by kind and name. */
export async function versionsOf(cluster: ClusterOfTest): Promise<Readonly<Record<string, string | undefined>>> {
  const found = await objectsOf(cluster);
  return Object.fromEntries([...found].map(([name, { object }]) => [name, object.metadata.resourceVersion]));
}

/** Whether it is said of the newest spec of a Tenant that it is ready. */
export function isReady({ status, metadata }: Tenant): boolean {
  return (
    status?.conditions?.some(
      ({ type, status: truth, observedGeneration }) => type === 'Ready' && truth === 'True' && observedGeneration === metadata.generation,
    ) === true
  );
}

/** How many Tenants of the test are ready. */
export async function countReady({ api, only }: ClusterOfTest): Promise<number> {
  const answer = await api.list<Tenant>(tenantResource, { labelSelector: only });
  return answer.kind === 'ok' ? answer.value.items.filter(isReady).length : 0;
}
