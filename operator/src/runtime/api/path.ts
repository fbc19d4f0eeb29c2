import assert from 'node:assert/strict';
import type { ResourceKind } from './object.ts';

/** What of a kind is meant: all of it, a namespace's, one object, or a part of one. */
export type PathTarget = {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: 'status' | undefined;
};

/** Values that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The path of a request, case kept. Throws where a namespace is missing for a single object, or given for a kind that has none:
 * the server would answer for something else.
 */
export function pathOf(kind: ResourceKind, { namespace, name, subresource }: PathTarget, query: Query = {}): string {
  assert(kind.namespaced || namespace === undefined, `${kind.kind} belongs to the whole cluster`);
  assert(!kind.namespaced || name === undefined || namespace !== undefined, `a single ${kind.kind} needs its namespace`);
  assert(subresource === undefined || name !== undefined, 'only a single object has parts');
  const pieces = [
    ...(kind.group === '' ? ['api'] : ['apis', kind.group]),
    kind.version,
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    kind.plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as [string, string]]));
  const search = new URLSearchParams(given).toString();
  return `/${pieces.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}
