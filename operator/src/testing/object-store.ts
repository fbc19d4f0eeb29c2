import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../runtime/api/object.ts';

/** An object with whatever fields it has. */
export type StoredObject = KubeObject & Readonly<Record<string, unknown>>;

/** A step in a store's history: what an object was, and what it is since. `last` is a deleted object, with the version of its deletion. */
export type StoredChange = {
  readonly version: number;
  readonly path: string;
  readonly before: StoredObject | undefined;
  readonly after: StoredObject | undefined;
  readonly last: StoredObject | undefined;
};

/** A state of a collection that pages are cut from. */
export type Snapshot = { readonly version: number; readonly objects: readonly StoredObject[] };

/** What a store says of a change that is not possible. */
export type StoreRefusal = 'NotFound' | 'AlreadyExists' | 'Conflict';

/** As many changes are kept at least, as by the watch cache of a real server. */
const windowLength = 500;
const mostSnapshots = 20;

/**
 * Objects under their paths, with the versions and the history of an API server: each change has a version of its own, history can be
 * followed from any version, until it is compacted. An object that is made anew under an old name has a new uid.
 */
export class ObjectStore {
  readonly #objects = new Map<string, StoredObject>();
  readonly #followers = new Set<(change: StoredChange) => void>();
  readonly #snapshots = new Map<number, Snapshot>();
  #history: StoredChange[] = [];
  #version = 1;
  #compactedTo = 0;

  get version(): number {
    return this.#version;
  }

  get(path: string): StoredObject | undefined {
    return this.#objects.get(path);
  }

  create(path: string, object: StoredObject): StoredObject | StoreRefusal {
    if (this.#objects.has(path)) return 'AlreadyExists';
    const creationTimestamp = new Date().toISOString().replace(/\.\d+/, '');
    return this.#put(path, { ...object, metadata: { ...object.metadata, uid: randomUUID(), creationTimestamp } });
  }

  replace(path: string, object: StoredObject): StoredObject | StoreRefusal {
    const known = this.#objects.get(path);
    if (known === undefined) return 'NotFound';
    const { resourceVersion = known.metadata.resourceVersion, uid = known.metadata.uid } = object.metadata;
    if (resourceVersion !== known.metadata.resourceVersion || uid !== known.metadata.uid) return 'Conflict';
    const { creationTimestamp } = known.metadata;
    return this.#put(path, { ...object, metadata: { ...object.metadata, uid, ...(creationTimestamp && { creationTimestamp }) } });
  }

  delete(path: string, uid?: string): StoredObject | StoreRefusal {
    const known = this.#objects.get(path);
    if (known === undefined) return 'NotFound';
    if (uid !== undefined && uid !== known.metadata.uid) return 'Conflict';
    this.#objects.delete(path);
    const last = this.#versioned(known);
    this.#add({ version: this.#version, path, before: known, after: undefined, last });
    return last;
  }

  /** What is there now, in the order of paths; kept, so that later pages show the same state. */
  snapshot(): Snapshot {
    const objects = [...this.#objects].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => object);
    const snapshot = { version: this.#version, objects };
    this.#snapshots.set(this.#version, snapshot);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > mostSnapshots && oldest !== undefined) this.#snapshots.delete(oldest);
    return snapshot;
  }

  /** An earlier snapshot; undefined once it was compacted. */
  snapshotAt(version: number): Snapshot | undefined {
    return this.#snapshots.get(version);
  }

  /** All changes after a version; undefined where some of them were compacted. */
  changesAfter(version: number): readonly StoredChange[] | undefined {
    return version < this.#compactedTo ? undefined : this.#history.filter((change) => change.version > version);
  }

  /** Calls `follower` with each change from now on; answers how to end that. */
  follow(follower: (change: StoredChange) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** Forgets history and snapshots: whoever is behind must begin anew. */
  compact(): void {
    this.#compactedTo = this.#version;
    this.#history = [];
    this.#snapshots.clear();
  }

  #put(path: string, object: StoredObject): StoredObject {
    const before = this.#objects.get(path);
    const after = this.#versioned(object);
    this.#objects.set(path, after);
    this.#add({ version: this.#version, path, before, after, last: undefined });
    return after;
  }

  #versioned(object: StoredObject): StoredObject {
    this.#version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }

  #add(change: StoredChange): void {
    this.#history.push(change);
    if (this.#history.length > 2 * windowLength) {
      const dropped = this.#history.splice(0, windowLength).at(-1);
      this.#compactedTo = dropped?.version ?? 0;
    }
    for (const follower of this.#followers) follower(change);
  }
}
