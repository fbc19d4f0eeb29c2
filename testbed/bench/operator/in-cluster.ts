import type { KubeObject, ResourceKind, Selection } from '@driftbox/operator';
import { tenantKind } from '@driftbox/resources';
import type { ClusterOfTest } from '../../platform/cluster-of-test.ts';
import type { OperatorWorld } from './operator-world.ts';

/** Applies a Tenant. */
export async function applyTenant(world: OperatorWorld, name: string): Promise<void> {
  await world.cluster.apply(tenantKind, name, world.spec(name));
}

/** Resolves once `isSo` holds of an object, as its events come, beginning with how it is now. */
export async function seen<T extends KubeObject>(
  { api }: ClusterOfTest,
  [kind, selection]: readonly [ResourceKind, Selection],
  isSo: (object: T) => boolean,
): Promise<T> {
  const answer = await api.list<T>(kind, selection);
  if (answer.kind !== 'ok') throw new Error(answer.message);
  const already = answer.value.items.find(isSo);
  if (already !== undefined) return already;
  const found = Promise.withResolvers<T>();
  const watching = new AbortController();
  const { resourceVersion } = answer.value;
  const options = { resourceVersion, timeoutSeconds: 120, idleTimeoutMs: 120_000, signal: watching.signal };
  const ended = api.watch<T>(kind, selection, options, (event) => {
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
