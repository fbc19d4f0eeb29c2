import assert from 'node:assert/strict';
import type { ObjectMeta } from './object.ts';

declare const brand: unique symbol;

/** Names one object of a kind: `namespace/name`, or `name` for what belongs to the whole cluster. Made only by `keyOf`. */
export type ObjectKey = string & { readonly [brand]: 'ObjectKey' };

/** Where an object is. */
export type ObjectPlace = { readonly namespace?: string | undefined; readonly name: string };

/** The key of an object, or of a place; throws where a part is empty or holds a slash, which no name of the API does. */
export function keyOf({ namespace, name }: ObjectPlace | ObjectMeta): ObjectKey {
  const parts = namespace === undefined ? [name] : [namespace, name];
  assert(
    parts.every((part) => part !== '' && !part.includes('/')),
    `no object is called ${parts.join('/')}`,
  );
  return parts.join('/') as ObjectKey;
}

/** The other way round. */
export function placeOf(key: ObjectKey): ObjectPlace {
  const [first = '', second] = key.split('/');
  return second === undefined ? { name: first } : { namespace: first, name: second };
}
