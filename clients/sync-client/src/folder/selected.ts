import type { EntryId } from '@driftbox/domain';
import type { RemoteEntry } from '@driftbox/sync-core';
import type { Store } from '../ports/store.ts';

/**
 * What of the drive this device wants: what lies at the chosen paths and below, and the folders on the way there; without a
 * choice, everything. What is ignored on disk is not wanted either: otherwise what another device sends would be fetched,
 * and taken for removed at the next look. Paths are names joined by `/`, without one at the beginning.
 */
export class Selection {
  readonly #chosen: readonly (readonly string[])[];
  readonly #ignored: (path: string, isFolder: boolean) => boolean;
  readonly #store: Pick<Store, 'local' | 'remote' | 'synced'>;

  constructor(
    paths: readonly string[],
    ignored: (path: string, isFolder: boolean) => boolean,
    store: Pick<Store, 'local' | 'remote' | 'synced'>,
  ) {
    this.#chosen = paths.map((path) => path.split('/'));
    this.#ignored = ignored;
    this.#store = store;
  }

  has(entry: RemoteEntry): boolean {
    const names = this.#namesOf(entry);
    if (!this.#isChosen(names)) return false;
    // What the last look saw was not ignored then: it must not be taken for something to be cleared away.
    return this.#store.local.get(entry.entryId) !== undefined || !this.#ignored(names.join('/'), entry.body.kind === 'folder');
  }

  /** What is in sync and no longer chosen: the topmost such entries. */
  stopped(rootId: EntryId): EntryId[] {
    if (this.#chosen.length === 0) return [];
    const found: EntryId[] = [];
    const look = (parentId: EntryId, names: readonly string[]): void => {
      for (const { entryId, name } of this.#store.synced.childrenOf(parentId)) {
        const here = [...names, name];
        if (!this.#isChosen(here)) found.push(entryId);
        else if (this.#isOnTheWay(here)) look(entryId, here);
      }
    };
    look(rootId, []);
    return found;
  }

  #isChosen(names: readonly string[]): boolean {
    const matches = (path: readonly string[]) => path.every((name, index) => index >= names.length || names[index] === name);
    return this.#chosen.length === 0 || this.#chosen.some(matches);
  }

  /** True for a folder of which not everything is chosen. */
  #isOnTheWay(names: readonly string[]): boolean {
    return !this.#chosen.some((path) => path.length <= names.length && path.every((name, index) => names[index] === name));
  }

  #namesOf(entry: RemoteEntry): string[] {
    const names = [entry.name];
    const seen = new Set<EntryId>([entry.entryId]);
    let parent = this.#store.remote.get(entry.parentId);
    while (parent !== undefined && !seen.has(parent.entryId)) {
      seen.add(parent.entryId);
      names.unshift(parent.name);
      parent = this.#store.remote.get(parent.parentId);
    }
    return names;
  }
}
