import { Registry } from 'prom-client';
import { waitFor } from '@driftbox/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serveApi, type ServedApi } from '../../testing/serve-api.ts';
import { configMap, configMapKind, type ConfigMap } from '../../testing/config-map.ts';
import type { Api } from '../api/api.ts';
import { keyOf } from '../api/object-key.ts';
import { Cache } from '../cache/cache.ts';
import type { Change } from '../cache/change.ts';
import type { Ended } from './decide-next.ts';
import { createReflectorMetrics } from './reflector-metrics.ts';
import { Reflector, type ReflectorOptions } from './reflector.ts';

let served: ServedApi;
let server: ServedApi['server'];
let api: Api;
let reflector: Reflector<ConfigMap> | undefined;
let cache: Cache<ConfigMap>;
let changes: Change<ConfigMap>[];
let ends: Ended[];
const timing = { backoff: { firstMs: 2, mostMs: 20, jitter: 0 }, idleTimeoutMs: 5_000 };

beforeEach(async () => {
  served = await serveApi();
  ({ api, server } = served);
  cache = new Cache();
  changes = [];
  ends = [];
  reflector = undefined;
});
afterEach(async () => {
  await reflector?.stop();
  await served.close();
});

function follow(options: Partial<ReflectorOptions<ConfigMap, never>> = {}): Reflector<ConfigMap> {
  const onChange = (change: Change<ConfigMap>): void => void changes.push(change);
  const onEnded = (ended: Ended): void => void ends.push(ended);
  reflector = new Reflector({ api, kind: configMapKind, cache, onChange, onEnded, timing, ...options });
  reflector.start();
  return reflector;
}
const put = (name: string, value: string) => api.create(configMapKind, configMap('test', name, value));
const watchEnds = (): string[] => ends.flatMap((ended) => (ended.kind === 'watched' ? [ended.end.kind] : []));
const shape = (): string[] => changes.map(({ type, object }) => `${type} ${object.metadata.name}`);

test('who joins holds the very same objects, and all is told once every cache holds it', async () => {
  await put('a', '1');
  const other = new Cache<ConfigMap>();
  const [a, b] = ['a', 'b'].map((name) => keyOf({ namespace: 'test', name }));
  const sameOf = (type: string) => () =>
    void changes.push({ type: 'added', object: configMap('test', type, `${cache.size} ${other.size}`) });
  reflector = new Reflector({ api, kind: configMapKind, cache, onChange: sameOf('first'), timing });
  reflector.join({ cache: other, onChange: sameOf('joined') });
  reflector.start();
  await reflector.synced;
  await put('b', '1');
  server.store.delete('v1|configmaps|test|a');
  await waitFor(() => other.size === 1 && other.get(b!) !== undefined, { what: 'an addition and a deletion' });
  expect(other.get(b!)).toBe(cache.get(b!));
  expect(cache.get(a!)).toBeUndefined();
  expect(changes.map(({ object }) => `${object.metadata.name} ${object.data?.['value']}`)).toEqual(
    ['1 1', '2 2', '1 1'].flatMap((sizes) => [`first ${sizes}`, `joined ${sizes}`]),
  );
  expect(() => reflector?.join({ cache: other, onChange: () => {} })).toThrow('before it starts');
});

test('deleted and made anew while nobody could watch is told as a deletion and an addition', async () => {
  await put('a', '1');
  await follow().synced;
  server.setFaults(() => ({ kind: 'reset' }));
  server.cut();
  const before = cache.get(keyOf({ namespace: 'test', name: 'a' }));
  server.store.delete('v1|configmaps|test|a');
  server.store.create('v1|configmaps|test|a', configMap('test', 'a', '2'));
  server.store.compact();
  server.setFaults(undefined);
  await waitFor(() => changes.length === 3);
  expect(shape()).toEqual(['added a', 'deleted a', 'added a']);
  expect(changes[1]?.object).toBe(before);
  expect(watchEnds()).toContain('gone');
});

test('pages are asked for, and their kind is filled in', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await put(name, '1');
  await follow({ timing: { ...timing, pageSize: 2 } }).synced;
  expect(cache.list().map(({ kind, apiVersion, metadata }) => `${apiVersion} ${kind} ${metadata.name}`)).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((name) => `v1 ConfigMap ${name}`),
  );
});

test('stopped during a list it opens no watch afterwards', async () => {
  let lists = 0;
  let watches = 0;
  server.setFaults(({ isWatch }) => {
    if (isWatch) watches += 1;
    else lists += 1;
    return isWatch ? undefined : { kind: 'silence' };
  });
  const followed = follow();
  await waitFor(() => lists > 0);
  await followed.stop();
  await expect(followed.synced).rejects.toThrow('stopped');
  expect({ watches, hasSynced: followed.hasSynced, failure: followed.failure }).toEqual({
    watches: 0,
    hasSynced: false,
    failure: undefined,
  });
});

test('a connection that says nothing any more is given up and replaced, without a list', async () => {
  let watches = 0;
  server.setFaults(({ isWatch }) => (isWatch && (watches += 1) === 1 ? { kind: 'halfOpen' } : undefined));
  await follow({ timing: { ...timing, idleTimeoutMs: 200 } }).synced;
  await waitFor(() => watches > 0);
  await put('a', '1');
  await waitFor(() => cache.size === 1);
  expect(watchEnds()[0]).toBe('idle');
  expect(ends.filter(({ kind }) => kind === 'listed')).toHaveLength(1);
});

test('it stays away for as long as the server asks', async () => {
  let refused = false;
  server.setFaults(() => (refused ? undefined : ((refused = true), { kind: 'status', code: 429, retryAfterSeconds: 1 })));
  const startedMs = performance.now();
  await follow().synced;
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
});

test('whoever throws when told of a change ends the reflector, visibly', async () => {
  await put('a', '1');
  const followed = follow({
    onChange: () => {
      throw new Error('careless');
    },
  });
  await expect(followed.synced).rejects.toThrow('careless');
  expect(followed.failure).toBe('the reflector of ConfigMap died: Error: careless');
});

test('changes that only a repeated list showed are counted, and watches by how they ended', async () => {
  const registry = new Registry();
  await follow({ metrics: createReflectorMetrics(registry) }).synced;
  expect(await registry.metrics()).toContain('driftbox_watch_missed_changes_total{kind="ConfigMap"} 0');
  server.setFaults(() => ({ kind: 'reset' }));
  server.cut();
  server.store.create('v1|configmaps|test|a', configMap('test', 'a', '1'));
  server.store.compact();
  server.setFaults(undefined);
  await waitFor(() => cache.size === 1);
  const text = await registry.metrics();
  expect(text).toContain('driftbox_watch_missed_changes_total{kind="ConfigMap"} 1');
  expect(text).toContain(`driftbox_watches_ended_total{kind="ConfigMap",how="gone"} 1`);
});

test('it asks for bookmarks and for an end after five to ten minutes', async () => {
  const asked: Record<string, unknown>[] = [];
  const watching: Pick<Api, 'list' | 'watch'> = {
    list: api.list,
    watch: (kind, selection, options, onEvent) => {
      asked.push({ ...options });
      return api.watch(kind, selection, options, onEvent);
    },
  };
  await follow({ api: watching, random: () => 0.5 }).synced;
  await waitFor(() => asked.length > 0);
  expect(asked[0]).toMatchObject({ timeoutSeconds: 450, resourceVersion: '1' });
});
