import {
  configMapKind,
  secretKind,
  tenantResource,
  type KubeObject,
  type ResourceKind,
  type Selection,
  type Tenant,
} from '@driftbox/operator';
import { tenantKind } from '@driftbox/resources';
import type { OperatorWorld } from './operator-world.ts';

/** An object and what it is. */
export type Made = { readonly kind: ResourceKind; readonly object: KubeObject };

/** What there is of tenants: they, and what is written for them. The lease is none of it. */
export async function objectsOf({ cluster }: OperatorWorld): Promise<ReadonlyMap<string, Made>> {
  const found = new Map<string, Made>();
  const scopes: readonly [ResourceKind, object][] = [
    [tenantResource, { labelSelector: cluster.only }],
    [configMapKind, { namespace: cluster.namespace }],
    [secretKind, { namespace: cluster.namespace }],
  ];
  for (const [kind, selection] of scopes) {
    const answer = await cluster.api.list<KubeObject>(kind, selection);
    if (answer.kind !== 'ok') throw new Error(answer.message);
    for (const object of answer.value.items) found.set(`${kind.kind} ${object.metadata.name}`, { kind, object });
  }
  return found;
}

/** Whether it is said of the newest spec of a Tenant that it is ready. */
export function isReady({ status, metadata }: Tenant): boolean {
  return (
    status?.conditions?.some(
      ({ type, status: truth, observedGeneration }) => type === 'Ready' && truth === 'True' && observedGeneration === metadata.generation,
    ) === true
  );
}

/** Applies a Tenant. */
export async function applyTenant(world: OperatorWorld, name: string): Promise<void> {
  await world.cluster.apply(tenantKind, name, world.spec(name));
}

/** Resolves once `isSo` holds of an object, as its events come, beginning with how it is now. */
export async function seen<T extends KubeObject>(
  { cluster }: OperatorWorld,
  [kind, selection]: readonly [ResourceKind, Selection],
  isSo: (object: T) => boolean,
): Promise<T> {
  const answer = await cluster.api.list<T>(kind, selection);
  if (answer.kind !== 'ok') throw new Error(answer.message);
  const already = answer.value.items.find(isSo);
  if (already !== undefined) return already;
  const found = Promise.withResolvers<T>();
  const watching = new AbortController();
  const { resourceVersion } = answer.value;
  const options = { resourceVersion, timeoutSeconds: 120, idleTimeoutMs: 120_000, signal: watching.signal };
  const ended = cluster.api.watch<T>(kind, selection, options, (event) => {
    if ((event.type === 'ADDED' || event.type === 'MODIFIED') && isSo(event.object)) found.resolve(event.object);
  });
  ended.then(
    (why) => found.reject(new Error(`not seen: the watch of ${kind.kind} ended: ${JSON.stringify(why)}`)),
    (error: unknown) => found.reject(error as Error),
  );
  try {
    return await found.promise;
  } finally {
    watching.abort();
  }
}
