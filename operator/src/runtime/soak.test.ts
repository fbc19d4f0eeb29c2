import v8 from 'node:v8';
import vm from 'node:vm';
import { seededRandom, waitFor } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { accessTo } from '../testing/access-to.ts';
import { startApiServer } from '../testing/api-server.ts';
import { configMap, configMapKind, type ConfigMap } from '../testing/config-map.ts';
import { createApi } from './api/create-api.ts';
import { keyOf, type ObjectKey } from './api/object-key.ts';
import { Cache } from './cache/cache.ts';
import { Controller } from './controller/controller.ts';
import { Reflector } from './reflector/reflector.ts';

const events = 20_000;
const names = 50;
const eventsPerCut = 500;
/** What may have grown in the second half; a hundred bytes an event that were kept would be ten times as much. */
const mostGrownBytes = 2 * 2 ** 20;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

/** Bytes in use once everything that nobody holds is gone. */
async function heldBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

test('twenty thousand changes and forty lost connections leave nothing behind', async () => {
  const server = await startApiServer({ bookmarkEveryMs: 100 });
  const access = accessTo(server.url);
  const api = createApi({ access, userAgent: 'soak', rate: { perSecond: 10_000, burst: 10_000 } });
  const cache = new Cache<ConfigMap>();
  const random = seededRandom(7);
  const reconciled = new Map<ObjectKey, string | undefined>();
  const controller = new Controller({
    name: 'soak',
    queue: { backoff: { firstMs: 1, mostMs: 5, jitter: 0 } },
    reconcile: async (key) => {
      if (random.next() < 0.01) throw new Error('now and then');
      reconciled.set(key, cache.get(key)?.metadata.resourceVersion);
      return { kind: 'gone' };
    },
  });
  const timing = { backoff: { firstMs: 1, mostMs: 10, jitter: 0.5 } };
  const onChange = ({ object }: { object: ConfigMap }): void => controller.add(keyOf(object.metadata));
  const reflector = new Reflector({ api, kind: configMapKind, cache, onChange, timing });
  reflector.start();
  controller.start();
  await reflector.synced;

  const held: number[] = [];
  for (let count = 1; count <= events; count += 1) {
    const name = `thing-${random.integer(1, names)}`;
    const path = `v1|configmaps|soak|${name}`;
    const object = configMap('soak', name, 'x'.repeat(random.integer(0, 200)));
    if (server.store.get(path) === undefined) server.store.create(path, object);
    else if (random.next() < 0.2) server.store.delete(path);
    else server.store.replace(path, object);
    if (count % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (count % eventsPerCut === 0) {
      await waitFor(() => isCurrent(), { deadlineMs: 10_000, what: 'everything seen and worked on' });
      server.cut();
    }
    if (count === events / 2 || count === events) held.push(await heldBytes());
  }
  await waitFor(() => isCurrent(), { deadlineMs: 10_000, what: 'the last state' });
  expect((held[1] ?? 0) - (held[0] ?? 0)).toBeLessThan(mostGrownBytes);
  expect(access.sockets()).toBeLessThanOrEqual(2);
  expect(await server.connections()).toBeLessThanOrEqual(2);
  await controller.stop();
  await reflector.stop();
  access.close();
  await server.close();

  /** The cache shows the newest state, and the last pass over each key has seen it. */
  function isCurrent(): boolean {
    const { objects } = server.store.snapshot();
    const same = objects.every(({ metadata }) => cache.get(keyOf(metadata))?.metadata.resourceVersion === metadata.resourceVersion);
    const seen = [...reconciled].every(([key, version]) => version === cache.get(key)?.metadata.resourceVersion);
    return same && cache.size === objects.length && reconciled.size >= objects.length && seen;
  }
}, 120_000);
