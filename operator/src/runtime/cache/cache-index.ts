import type { KubeObject } from '../api/object.ts';
import type { ObjectKey } from '../api/object-key.ts';

/** Finds objects by something in them: an object stands under each value that `valuesOf` gives for it. */
export class CacheIndex<T extends KubeObject> {
  readonly #valuesOf: (object: T) => readonly string[];
  readonly #keys = new Map<string, Set<ObjectKey>>();

  constructor(valuesOf: (object: T) => readonly string[]) {
    this.#valuesOf = valuesOf;
  }

  add(key: ObjectKey, object: T): void {
    for (const value of this.#valuesOf(object)) {
      const keys = this.#keys.get(value);
      if (keys === undefined) this.#keys.set(value, new Set([key]));
      else keys.add(key);
    }
  }

  /** `object` must be the one that was added. */
  remove(key: ObjectKey, object: T): void {
    for (const value of this.#valuesOf(object)) {
      const keys = this.#keys.get(value);
      keys?.delete(key);
      if (keys?.size === 0) this.#keys.delete(value);
    }
  }

  find(value: string): Iterable<ObjectKey> {
    return this.#keys.get(value) ?? [];
  }
}
