import assert from 'node:assert/strict';
import type { EntryId } from '@driftbox/domain';
import type { Tree, TreeEntry } from '../tree.ts';

/** A tree in maps. Several rows may be at one place (`childAt` finds the newest): it is a record, not a file system. */
export class MemoryTree<Entry extends TreeEntry> implements Tree<Entry> {
  readonly rows = new Map<EntryId, Entry>();
  readonly #children = new Map<EntryId, Map<EntryId, Entry>>();
  readonly #places = new Map<string, EntryId>();
  /** How often something was looked up. */
  lookups = 0;

  constructor(entries: Iterable<Entry> = []) {
    for (const entry of entries) this.put(entry);
  }

  get(entryId: EntryId): Entry | undefined {
    this.lookups += 1;
    return this.rows.get(entryId);
  }

  childrenOf(parentId: EntryId): Iterable<Entry> {
    const children = this.#children.get(parentId);
    this.lookups += 1 + (children?.size ?? 0);
    return children === undefined ? [] : [...children.values()];
  }

  childAt(parentId: EntryId, name: string): Entry | undefined {
    this.lookups += 1;
    const entryId = this.#places.get(`${parentId}/${name}`);
    return entryId === undefined ? undefined : this.rows.get(entryId);
  }

  put(entry: Entry): void {
    this.drop(entry.entryId);
    this.rows.set(entry.entryId, entry);
    const children = this.#children.get(entry.parentId) ?? new Map<EntryId, Entry>();
    this.#children.set(entry.parentId, children.set(entry.entryId, entry));
    this.#places.set(`${entry.parentId}/${entry.name}`, entry.entryId);
  }

  drop(entryId: EntryId): void {
    const entry = this.rows.get(entryId);
    if (entry === undefined) return;
    this.rows.delete(entryId);
    this.#children.get(entry.parentId)?.delete(entryId);
    const place = `${entry.parentId}/${entry.name}`;
    if (this.#places.get(place) === entryId) this.#places.delete(place);
  }

  /** Drops an entry and all below it. */
  dropTree(entryId: EntryId): void {
    for (const child of this.childrenOf(entryId)) this.dropTree(child.entryId);
    this.drop(entryId);
  }

  /** The entry and all above it, from below. */
  wayUp(entryId: EntryId): Entry[] {
    const way: Entry[] = [];
    for (let entry = this.rows.get(entryId); entry !== undefined; entry = this.rows.get(entry.parentId)) {
      way.push(entry);
      assert.ok(way.length <= this.rows.size, 'a tree has no cycle');
    }
    return way;
  }

  /** The same rows, and children in another order. */
  reversed(): MemoryTree<Entry> {
    return new MemoryTree([...this.rows.values()].reverse());
  }
}
