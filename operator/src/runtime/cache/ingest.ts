import { apiVersionOf, type KubeObject, type ResourceKind } from '../api/object.ts';

/**
 * An object as the cache keeps it: without `managedFields`, which are half of many objects and of no use here, with the kind that
 * items of a list may lack, and frozen, since everybody is handed the same one.
 */
export function ingest<T extends KubeObject>(kind: ResourceKind, object: T): T {
  const { managedFields: _, ...metadata } = object.metadata as T['metadata'] & { managedFields?: unknown };
  return freeze({ ...object, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata });
}

function freeze<V>(value: V): V {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
