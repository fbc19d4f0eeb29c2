import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import type { KubeObject } from '../api/object.ts';
import { keyOf } from '../api/object-key.ts';
import { Cache } from './cache.ts';
import { ingest } from './ingest.ts';

type Thing = KubeObject & { readonly tags: readonly string[] };
const thing = (name: string, uid: string, resourceVersion: string, tags: readonly string[] = []): Thing => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, uid, resourceVersion },
  tags,
});
const kind = { group: 'g', version: 'v1', kind: 'Thing', plural: 'things', namespaced: false };

test('an index finds exactly the objects that a search of everything finds', () => {
  const things = fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), fc.nat(3), fc.subarray(['x', 'y', 'z']))
    .map(([name, uid, version, tags]) => thing(name, uid, String(version), tags));
  const step = fc.oneof(
    fc.record({ do: fc.constant('put' as const), thing: things }),
    fc.record({ do: fc.constant('remove' as const), thing: things }),
    fc.record({ do: fc.constant('replace' as const), list: fc.uniqueArray(things, { selector: (one) => one.metadata.name }) }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const cache = new Cache<Thing, 'tag'>({ tag: ({ tags }) => tags });
      for (const one of steps) {
        if (one.do === 'replace') cache.replace(one.list);
        else cache[one.do](one.thing);
        for (const tag of ['x', 'y', 'z']) {
          const names = (found: readonly Thing[]): string[] => found.map(({ metadata }) => metadata.name).sort();
          expect(names(cache.find('tag', tag))).toEqual(names(cache.list().filter(({ tags }) => tags.includes(tag))));
        }
      }
      expect(cache.size).toBe(cache.list().length);
    }),
  );
});

test('the deletion of an object that was replaced under its name changes nothing', () => {
  const cache = new Cache<Thing>();
  cache.put(thing('a', '2', '5'));
  expect(cache.remove(thing('a', '1', '4'))).toEqual([]);
  expect(cache.get(keyOf({ name: 'a' }))?.metadata.uid).toBe('2');
});

test('a deletion tells the last state', () => {
  const cache = new Cache<Thing>();
  cache.put(thing('a', '1', '1'));
  expect(cache.remove(thing('a', '1', '9'))).toEqual([{ type: 'deleted', object: thing('a', '1', '9') }]);
  expect(cache.size).toBe(0);
});

test('an object comes in frozen, with its kind and without managed fields; what nobody knows stays', () => {
  const raw = { metadata: { name: 'a', managedFields: [{ manager: 'x' }] }, spec: { future: { deep: [1] } } } as unknown as Thing;
  const taken = ingest(kind, raw);
  expect(taken).toEqual({ apiVersion: 'g/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { future: { deep: [1] } } });
  expect(() => ((taken as unknown as { spec: { future: { deep: number[] } } }).spec.future.deep[0] = 2)).toThrow(TypeError);
});
