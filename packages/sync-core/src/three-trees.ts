import type { EntryId } from '@driftbox/domain';
import { samePlace } from './compare.ts';
import type { ReconcileInput } from './reconcile-input.ts';
import type { LocalEntry, RemoteEntry, SyncedEntry, TreeEntry } from './tree.ts';

/**
 * Looks into the three trees, for what is really there: remote rows below a folder that is gone are passed over. What it
 * found about a folder it remembers, so that a walk upwards ends at the first known folder.
 */
export class ThreeTrees {
  readonly input: ReconcileInput;
  readonly #there = new Map<EntryId, boolean>();
  readonly #selected = new Map<EntryId, boolean>();

  constructor(input: ReconcileInput) {
    this.input = input;
  }

  local(entryId: EntryId): LocalEntry | undefined {
    return this.input.local.get(entryId);
  }

  remote(entryId: EntryId): RemoteEntry | undefined {
    const entry = this.input.remote.get(entryId);
    return entry !== undefined && this.#isFolderThere(entry.parentId) ? entry : undefined;
  }

  /** False for an entry that is not wanted on this device, itself or with a folder above it. */
  isSelected(remote: RemoteEntry): boolean {
    const above = remote.parentId === this.input.rootId || this.#isFolderSelected(remote.parentId);
    return above && this.input.selected(remote);
  }

  /** True for what is missing on disk only because a folder above it cannot be read. */
  isHidden(synced: SyncedEntry): boolean {
    for (let above: SyncedEntry | undefined = synced; above !== undefined; above = this.input.synced.get(above.parentId)) {
      const folder = this.input.local.get(above.parentId);
      if (folder !== undefined) return folder.unreadable !== undefined;
    }
    return false;
  }

  /** True for an entry deleted on disk that was moved on the server, itself or a folder that was deleted with it: so it comes back. */
  isMovedRemotely(remote: RemoteEntry): boolean {
    const isOnDisk = (entryId: EntryId): boolean => this.local(entryId) !== undefined;
    return this.#isMoved(remote, (folderId) => this.remote(folderId), isOnDisk);
  }

  /** True for an entry deleted on the server that was moved on disk, itself or a folder that was deleted with it: so it is kept. */
  isMovedLocally(local: LocalEntry): boolean {
    const isOnServer = (entryId: EntryId): boolean => this.remote(entryId) !== undefined;
    return this.#isMoved(local, (folderId) => this.local(folderId), isOnServer);
  }

  /** Looks at an entry and the folders above it, up to the first one that the other side still has or that was never synced. */
  #isMoved(entry: TreeEntry, above: (folderId: EntryId) => TreeEntry | undefined, isOnOtherSide: (entryId: EntryId) => boolean): boolean {
    for (let at: TreeEntry | undefined = entry; at !== undefined; at = above(at.parentId)) {
      const synced = this.input.synced.get(at.entryId);
      if (synced === undefined || isOnOtherSide(at.entryId)) return false;
      if (!samePlace(at, synced)) return true;
    }
    return false;
  }

  #isFolderSelected(entryId: EntryId): boolean {
    const known = this.#selected.get(entryId);
    if (known !== undefined) return known;
    const folder = this.input.remote.get(entryId);
    const selected = folder === undefined || this.isSelected(folder);
    this.#selected.set(entryId, selected);
    return selected;
  }

  /** Walks up to the root or to a folder whose answer is known, and remembers the answer for all on the way. */
  #isFolderThere(entryId: EntryId): boolean {
    const { rootId, remote } = this.input;
    let there = entryId === rootId ? true : this.#there.get(entryId);
    if (there !== undefined) return there;
    const way: EntryId[] = [];
    for (let id = entryId; there === undefined;) {
      way.push(id);
      const folder = remote.get(id);
      if (folder === undefined) there = false;
      else if (folder.parentId === rootId) there = true;
      else there = this.#there.get((id = folder.parentId));
    }
    for (const id of way) this.#there.set(id, there);
    return there;
  }
}
