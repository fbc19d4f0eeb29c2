import type { EntryId } from '@driftbox/domain';
import type { Inode } from '../disk/file-tree.ts';

/** What DriftBox keeps inside a mounted folder: it goes wherever that folder goes, and with it. */
export type OwnFolder = {
  /** The mounts that this folder is known by. */
  readonly markers: Set<EntryId>;
  readonly stash: Map<string, Inode>;
  readonly arrived: Map<string, Inode>;
};

/** Own folders by the folder they are in. */
export class OwnFolders {
  readonly #folders = new WeakMap<Inode, OwnFolder>();

  /** Made when it is asked for the first time. */
  in(folder: Inode): OwnFolder {
    const found = this.#folders.get(folder);
    if (found !== undefined) return found;
    const made: OwnFolder = { markers: new Set(), stash: new Map(), arrived: new Map() };
    this.#folders.set(folder, made);
    return made;
  }

  find(folder: Inode): OwnFolder | undefined {
    return this.#folders.get(folder);
  }

  remove(folder: Inode): void {
    this.#folders.delete(folder);
  }
}
