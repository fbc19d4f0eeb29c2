import type { EntryId, Place } from '@driftbox/domain';
import type { ReconcileInput } from './reconcile-input.ts';
import type { LocalEntry } from './tree.ts';

/** Finds what a name leads to on a file system that may not tell two names apart. */
export class LocalNames {
  readonly #input: ReconcileInput;
  /** The folders that had to be looked through: key to child. */
  readonly #folders = new Map<EntryId, ReadonlyMap<string, LocalEntry>>();

  constructor(input: ReconcileInput) {
    this.#input = input;
  }

  keyOf(name: string): string {
    return this.#input.names.exact ? name : this.#input.names.keyOf(name);
  }

  at({ parentId, name }: Place): LocalEntry | undefined {
    const { names, local } = this.#input;
    if (names.exact) return local.childAt(parentId, name);
    return this.#folder(parentId).get(names.keyOf(name));
  }

  #folder(parentId: EntryId): ReadonlyMap<string, LocalEntry> {
    const known = this.#folders.get(parentId);
    if (known !== undefined) return known;
    const folder = new Map<string, LocalEntry>();
    for (const child of this.#input.local.childrenOf(parentId)) folder.set(this.#input.names.keyOf(child.name), child);
    this.#folders.set(parentId, folder);
    return folder;
  }
}
