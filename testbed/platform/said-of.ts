import type { KubeObject } from '@driftbox/operator';
import type { Kind } from '@driftbox/resources';
import { waitFor } from '@driftbox/testkit';
import type { ClusterOfTest } from './cluster-of-test.ts';

/** One of our resources, as far as it says how it is. */
export type SayingObject = KubeObject & {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
      readonly observedGeneration?: number;
    }[];
    readonly [field: string]: unknown;
  };
};

/** A kind and the name of one of it. */
export type Named = readonly [Kind, string];

/** What is said of a resource, `TYPE=STATUS/REASON` each; nothing where it says it of an older spec, or there is none. */
export async function saidOf(cluster: ClusterOfTest, [kind, name]: Named): Promise<readonly string[]> {
  const object = await cluster.get<SayingObject>(kind, name);
  const generation = object?.metadata.generation;
  const current = object?.status?.conditions?.filter(({ observedGeneration }) => observedGeneration === generation) ?? [];
  return current.map(({ type, status, reason }) => `${type}=${status}/${reason}`);
}

/** Waits until all of this is said of a resource, and of its newest spec. */
export async function waitUntilSaid(
  cluster: ClusterOfTest,
  [kind, name]: Named,
  wanted: readonly string[],
  deadlineMs = 40_000,
): Promise<SayingObject> {
  const what = `${kind.kind} ${name}: ${wanted.join(', ')}`;
  const isSaid = async (): Promise<boolean> => {
    const said = await saidOf(cluster, [kind, name]);
    return wanted.every((one) => said.includes(one));
  };
  await waitFor(isSaid, { deadlineMs, longestPauseMs: 150, what }).catch(async (cause: unknown) => {
    const { metadata, status } = (await cluster.get<SayingObject>(kind, name)) ?? {};
    throw new Error(`${what} is not said, but ${JSON.stringify({ ...status, annotations: metadata?.annotations })}`, { cause });
  });
  const object = await cluster.get<SayingObject>(kind, name);
  if (object === undefined) throw new Error(`${kind.kind} ${name} went away`);
  return object;
}

/** The words of a condition of a resource, empty where there is none of this type. */
export function messageOf({ status }: SayingObject, type: string): string {
  return status?.conditions?.find((one) => one.type === type)?.message ?? '';
}
