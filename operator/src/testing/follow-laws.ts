import fc from 'fast-check';
import { expect } from '@jest/globals';
import { waitFor } from '@driftbox/testkit';
import { expectOk } from '../runtime/api/answer.ts';
import type { Api } from '../runtime/api/api.ts';
import { keyOf } from '../runtime/api/object-key.ts';
import { Cache } from '../runtime/cache/cache.ts';
import { Reflector, type ReflectorTiming } from '../runtime/reflector/reflector.ts';
import { CacheWitness } from './cache-witness.ts';
import { configMap, configMapKind, type ConfigMap } from './config-map.ts';

/** What somebody does to an object; `recreate` deletes it and makes another of its name. */
export type Edit = { readonly do: 'put' | 'delete' | 'recreate'; readonly name: string; readonly value: string };

/** A world in which a reflector may be in trouble. */
export type FollowWorld<Trouble> = {
  /** Undisturbed, for edits and for the truth. */
  readonly direct: Api;
  /** The reflector's, by which trouble comes. */
  readonly disturbed: Api;
  readonly namespace: string;
  /** Makes trouble, and resolves when something may have come of it. */
  trouble(kind: Trouble): Promise<void>;
  /** Ends all trouble. */
  heal(): void;
};

const impatient: Partial<ReflectorTiming> = { backoff: { firstMs: 2, mostMs: 40, jitter: 0.5 }, idleTimeoutMs: 250, pageSize: 2 };

/** Edits of a few objects. */
export const edits: fc.Arbitrary<Edit> = fc.record({
  do: fc.constantFrom('put', 'put', 'delete', 'recreate'),
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  value: fc.constantFrom('1', '2', '3'),
});

/**
 * The law of a reflector: after any sequence of edits and trouble, once the trouble is over, its cache equals what the server holds, and
 * the changes that it told of lead there, each following from those before it.
 */
export async function followsThrough<Trouble>(
  world: FollowWorld<Trouble>,
  steps: readonly (Edit | { readonly trouble: Trouble })[],
  deadlineMs = 10_000,
): Promise<void> {
  const cache = new Cache<ConfigMap>();
  const witness = new CacheWitness<ConfigMap>();
  const { namespace } = world;
  const options = { api: world.disturbed, kind: configMapKind, selection: { namespace }, cache, onChange: witness.take, timing: impatient };
  const reflector = new Reflector<ConfigMap>(options);
  reflector.start();
  try {
    for (const step of steps) await ('trouble' in step ? world.trouble(step.trouble) : edit(world, step));
    world.heal();
    const truth = (await listAll(world)).map(({ metadata }) => `${metadata.name} ${metadata.uid}@${metadata.resourceVersion}`);
    const held = (objects: Iterable<ConfigMap>): string[] =>
      [...objects].map(({ metadata }) => `${metadata.name} ${metadata.uid}@${metadata.resourceVersion}`).sort();
    await waitFor(() => reflector.hasSynced && JSON.stringify(held(cache.list())) === JSON.stringify(truth), {
      deadlineMs,
      what: `a cache of ${truth.join(', ')}`,
    });
    expect({ held: held(witness.state.values()), breaches: witness.breaches }).toEqual({ held: truth, breaches: [] });
    for (const object of cache.list()) expect(cache.get(keyOf(object.metadata))).toBe(object);
    expect(reflector.failure).toBeUndefined();
  } finally {
    world.heal();
    await reflector.stop();
    await removeAll(world);
  }
}

async function edit({ direct, namespace }: FollowWorld<never>, { do: what, name, value }: Edit): Promise<void> {
  const at = { namespace, name };
  const known = await direct.get<ConfigMap>(configMapKind, at);
  if (what !== 'put') {
    if (known.kind === 'ok') expectOk(await direct.delete(configMapKind, at), 'deleting');
    if (what === 'recreate') expectOk(await direct.create(configMapKind, configMap(namespace, name, value)), 'making anew');
  } else if (known.kind === 'ok') {
    expectOk(await direct.replace<ConfigMap>(configMapKind, { ...known.value, data: { value } }), 'replacing');
  } else {
    expectOk(await direct.create(configMapKind, configMap(namespace, name, value)), 'creating');
  }
}

async function listAll({ direct, namespace }: FollowWorld<never>): Promise<readonly ConfigMap[]> {
  return expectOk(await direct.list<ConfigMap>(configMapKind, { namespace }), 'listing').items;
}

async function removeAll(world: FollowWorld<never>): Promise<void> {
  for (const { metadata } of await listAll(world))
    await world.direct.delete(configMapKind, { namespace: world.namespace, name: metadata.name });
}
