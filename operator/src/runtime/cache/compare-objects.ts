import type { KubeObject } from '../api/object.ts';
import { keyOf, type ObjectKey } from '../api/object-key.ts';
import type { Change } from './change.ts';

/** What leads from one state of an object to another; told apart by uid, since a name may have been used again. */
export function compareObjects<T extends KubeObject>(known: T | undefined, found: T | undefined): Change<T>[] {
  if (known === undefined) return found === undefined ? [] : [{ type: 'added', object: found }];
  if (found === undefined) return [{ type: 'deleted', object: known }];
  if (known.metadata.uid !== found.metadata.uid) {
    return [
      { type: 'deleted', object: known },
      { type: 'added', object: found },
    ];
  }
  if (known.metadata.resourceVersion === found.metadata.resourceVersion) return [];
  return [{ type: 'changed', object: found, previous: known }];
}

/** What leads from a known state to a list: deletions of what is missing first, then the rest in the list's order. */
export function compareLists<T extends KubeObject>(known: ReadonlyMap<ObjectKey, T>, found: readonly T[]): Change<T>[] {
  const listed = new Map(found.map((object) => [keyOf(object.metadata), object]));
  const missing = [...known].filter(([key]) => !listed.has(key)).map(([, object]) => object);
  return [
    ...missing.flatMap((object) => compareObjects(object, undefined)),
    ...[...listed].flatMap(([key, object]) => compareObjects(known.get(key), object)),
  ];
}
