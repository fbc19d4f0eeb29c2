import assert from 'node:assert/strict';
import type { KubeObject } from '../api/object.ts';
import { keyOf, type ObjectKey } from '../api/object-key.ts';
import { CacheIndex } from './cache-index.ts';
import type { Change } from './change.ts';
import { compareLists, compareObjects } from './compare-objects.ts';

/** Ways to find objects of a kind other than by key. */
export type Indexes<T extends KubeObject, Name extends string> = Readonly<Record<Name, (object: T) => readonly string[]>>;

/**
 * The objects of one kind, as the server last told: behind by a moment, or by as long as the server is away. Filled by a reflector;
 * whoever reads gets frozen objects.
 */
export class Cache<T extends KubeObject, Name extends string = never> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #indexes: ReadonlyMap<Name, CacheIndex<T>>;

  constructor(indexes: Indexes<T, Name> = {} as Indexes<T, Name>) {
    const entries = Object.entries<(object: T) => readonly string[]>(indexes);
    this.#indexes = new Map(entries.map(([name, valuesOf]) => [name as Name, new CacheIndex(valuesOf)]));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  /** All of them, in no particular order. */
  list(): T[] {
    return [...this.#objects.values()];
  }

  /** Those that stand under `value` in an index. */
  find(index: Name, value: string): T[] {
    const found = this.#indexes.get(index);
    assert(found !== undefined, `there is no index ${index}`);
    return [...found.find(value)].flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** Takes a whole list over; answers what is new about it. */
  replace(objects: readonly T[]): Change<T>[] {
    return this.#keep(compareLists(this.#objects, objects));
  }

  /** Takes over that an object exists in this state. */
  put(object: T): Change<T>[] {
    return this.#keep(compareObjects(this.#objects.get(keyOf(object.metadata)), object));
  }

  /** Takes over that an object is gone; another of the same name stays. `object` is its last state. */
  remove(object: T): Change<T>[] {
    const known = this.#objects.get(keyOf(object.metadata));
    if (known?.metadata.uid !== object.metadata.uid) return [];
    return this.#keep(compareObjects(known, undefined).map((change) => ({ ...change, object })));
  }

  #keep(changes: Change<T>[]): Change<T>[] {
    for (const { type, object } of changes) {
      const key = keyOf(object.metadata);
      const known = this.#objects.get(key);
      for (const index of this.#indexes.values()) if (known !== undefined) index.remove(key, known);
      this.#objects.delete(key);
      if (type === 'deleted') continue;
      this.#objects.set(key, object);
      for (const index of this.#indexes.values()) index.add(key, object);
    }
    return changes;
  }
}
