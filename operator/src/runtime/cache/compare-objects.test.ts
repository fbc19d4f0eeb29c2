import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import type { KubeObject } from '../api/object.ts';
import { keyOf } from '../api/object-key.ts';
import { compareLists, compareObjects } from './compare-objects.ts';

const objectOf = (name: string, uid: string, resourceVersion: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, uid, resourceVersion },
});
const digit = fc.constantFrom('1', '2', '3');
const lists = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), digit, digit))
  .map((entries) => [...new Map(entries.map(([name, uid, version]) => [name, objectOf(name, uid, version)])).values()]);

test('what was compared leads from one list to the other, and never changes one object into another', () => {
  fc.assert(
    fc.property(lists, lists, (before, after) => {
      const state = new Map(before.map((object) => [keyOf(object.metadata), object]));
      for (const change of compareLists(state, after)) {
        const key = keyOf(change.object.metadata);
        const known = state.get(key);
        if (change.type === 'added') expect(known).toBeUndefined();
        else expect(known?.metadata.uid).toBe(change.object.metadata.uid);
        if (change.type === 'changed') expect(change.previous).toBe(known);
        if (change.type === 'deleted') state.delete(key);
        else state.set(key, change.object);
      }
      const found = new Map(after.map((object) => [keyOf(object.metadata), object]));
      expect(new Map([...state].sort())).toEqual(new Map([...found].sort()));
    }),
  );
});

test('deleted and made again under the same name is a deletion and an addition', () => {
  const [old, young] = [objectOf('a', '1', '1'), objectOf('a', '2', '2')];
  expect(compareObjects(old, young)).toEqual([
    { type: 'deleted', object: old },
    { type: 'added', object: young },
  ]);
});

test('the same version is no change', () => {
  expect(compareObjects(objectOf('a', '1', '1'), objectOf('a', '1', '1'))).toEqual([]);
});
