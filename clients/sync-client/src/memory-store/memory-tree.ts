import type { EntryId } from '@driftbox/domain';
import type { Tree, TreeEntry } from '@driftbox/sync-core';

/** A tree in maps. `set` answers what undoes it. */
export class MemoryTree<Entry extends TreeEntry> implements Tree<Entry> {
  readonly #entries = new Map<EntryId, Entry>();
  readonly #children = new Map<EntryId, Map<EntryId, Entry>>();

  get(entryId: EntryId): Entry | undefined {
    return this.#entries.get(entryId);
  }

  childrenOf(parentId: EntryId): Iterable<Entry> {
    return this.#children.get(parentId)?.values() ?? [];
  }

  childAt(parentId: EntryId, name: string): Entry | undefined {
    for (const child of this.childrenOf(parentId)) if (child.name === name) return child;
    return undefined;
  }

  /** Puts or, with `undefined`, drops an entry. */
  set(entryId: EntryId, entry: Entry | undefined): () => void {
    const before = this.#entries.get(entryId);
    if (before !== undefined) this.#leave(before);
    if (entry === undefined) {
      this.#entries.delete(entryId);
    } else {
      this.#entries.set(entryId, entry);
      const siblings = this.#children.get(entry.parentId);
      if (siblings === undefined) this.#children.set(entry.parentId, new Map([[entryId, entry]]));
      else siblings.set(entryId, entry);
    }
    return () => void this.set(entryId, before);
  }

  all(): Iterable<Entry> {
    return this.#entries.values();
  }

  #leave({ parentId, entryId }: Entry): void {
    const siblings = this.#children.get(parentId);
    siblings?.delete(entryId);
    if (siblings?.size === 0) this.#children.delete(parentId);
  }
}
