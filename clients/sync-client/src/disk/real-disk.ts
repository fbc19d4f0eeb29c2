import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import path from 'node:path';
import { parseEntryId } from '@driftbox/domain';
import type { Digest, EntryId } from '@driftbox/domain';
import { newId } from '@driftbox/transfer';
import type { Arrived, Disk, DiskOutcome, Listing, LocalPath, Stat, Unreadable } from '../ports/disk.ts';
import { FolderSyncer } from './folder-syncer.ts';
import { giveFreePlace, moveToFreePlace, replace } from './give-place.ts';
import { FolderLister } from './list-folder.ts';
import { isMissing, outcomeOfError, reasonOf } from './outcome-of-error.ts';
import { readContent } from './read-content.ts';

import { sweep } from './root.ts';
import type { Root } from './root.ts';
import { isSame, isSameContent, statAt } from './stat-of.ts';

/**
 * The disk of a synced folder. Looks and steps are made in one go each, so that nothing of this process comes between the
 * check of `expected` and the step; what another program does in those microseconds is caught afterwards where the system
 * lets it be (`replace`, `remove`).
 */
export class RealDisk implements Disk {
  readonly #root: Root;
  readonly #lister: FolderLister;
  readonly #syncer = new FolderSyncer();

  constructor(root: Root) {
    this.#root = root;
    this.#lister = new FolderLister(root);
  }

  async list(folder: LocalPath): Promise<Listing | undefined | Unreadable> {
    if (folder === '') this.#root.check();
    return this.#look(() => this.#lister.list(folder));
  }

  async stat(local: LocalPath): Promise<Stat | undefined> {
    const found = await this.#look(async () => statAt(this.#root.reach(local), this.#root.traits));
    if (found === undefined) this.#root.check();
    return found !== undefined && 'failed' in found ? undefined : found;
  }

  read(local: LocalPath): Promise<{ readonly listId: Digest; readonly stat: Stat } | undefined | Unreadable> {
    return this.#look(() => readContent(this.#root.reach(local), this.#root.traits));
  }

  makeFolder(local: LocalPath): Promise<DiskOutcome> {
    return this.#step([local], () => {
      const absolute = this.#root.reach(local);
      mkdirSync(absolute);
      return statAt(absolute, this.#root.traits);
    });
  }

  makeLink(local: LocalPath, target: string, expected: Stat | undefined): Promise<DiskOutcome> {
    return this.#step([local], () => {
      const absolute = this.#root.reach(local);
      const temporary = this.temporaryFile(`${newId(parseEntryId)}.link`);
      symlinkSync(target, temporary);
      return this.#place(temporary, absolute, expected);
    });
  }

  move(from: LocalPath, to: LocalPath, expected: Stat): Promise<DiskOutcome> {
    return this.#step([from, to], () => this.#move(this.#root.reach(from), this.#root.reach(to), expected));
  }

  stash(local: LocalPath, entryId: EntryId, expected: Stat): Promise<DiskOutcome> {
    this.#syncer.touch(this.#root.stash);
    return this.#step([local], () => this.#move(this.#root.reach(local), this.#stashed(entryId), expected));
  }

  unstash(entryId: EntryId, to: LocalPath): Promise<DiskOutcome> {
    this.#syncer.touch(this.#root.stash);
    return this.#step([to], () => {
      const there = statAt(this.#stashed(entryId), this.#root.traits);
      return there === undefined ? 'changed' : this.#move(this.#stashed(entryId), this.#root.reach(to), there);
    });
  }

  async stashed(): Promise<readonly EntryId[]> {
    this.#root.check();
    return readdirSync(this.#root.stash)
      .map(parseEntryId)
      .filter((id) => id !== undefined);
  }

  remove(local: LocalPath, expected: Stat): Promise<DiskOutcome> {
    return this.#step([local], () => {
      const absolute = this.#root.reach(local);
      if (!isSame(expected, statAt(absolute, this.#root.traits))) return 'changed';
      if (expected.kind === 'folder') rmdirSync(absolute);
      else return this.#removeFile(absolute, expected);
      return undefined;
    });
  }

  setAttributes(
    local: LocalPath,
    attributes: { readonly mtimeMs: number; readonly executable: boolean },
    expected: Stat,
  ): Promise<DiskOutcome> {
    return this.#step([local], () => {
      const absolute = this.#root.reach(local);
      if (!isSame(expected, statAt(absolute, this.#root.traits))) return 'changed';
      const descriptor = openSync(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        setFacts(descriptor, attributes);
      } finally {
        closeSync(descriptor);
      }
      return statAt(absolute, this.#root.traits);
    });
  }

  async place(arrived: Arrived, local: LocalPath, expected: Stat | undefined): Promise<DiskOutcome> {
    const done = await this.#step([local], () => this.#place(this.temporaryFile(arrived.tag), this.#root.reach(local), expected));
    if (done.outcome !== 'done') await this.discard(arrived);
    return done;
  }

  async discard(arrived: Arrived): Promise<void> {
    rmSync(this.temporaryFile(arrived.tag), { force: true });
  }

  async discardAll(): Promise<void> {
    this.#root.check();
    sweep(this.#root.temporary);
  }

  flush(): Promise<void> {
    return this.#syncer.flush();
  }

  /** Where content of that tag gathers before it is placed: on the same file system. */
  temporaryFile(tag: string): string {
    return path.join(this.#root.temporary, tag);
  }

  #stashed(entryId: EntryId): string {
    return path.join(this.#root.stash, entryId);
  }

  #place(temporary: string, absolute: string, expected: Stat | undefined): Stat | undefined | 'changed' {
    const arrived = statAt(temporary, this.#root.traits);
    if (arrived === undefined) return 'changed';
    if (expected === undefined) giveFreePlace(this.#root, temporary, absolute, arrived.kind);
    else if (!replace(this.#root, temporary, absolute, expected)) return 'changed';
    // What somebody wrote to it since is not what arrived.
    const now = statAt(absolute, this.#root.traits);
    return isSameContent(arrived, now) ? now : arrived;
  }

  #move(from: string, to: string, expected: Stat): Stat | undefined | 'changed' {
    if (!isSame(expected, statAt(from, this.#root.traits))) return 'changed';
    moveToFreePlace(this.#root, from, to, expected.kind);
    const now = statAt(to, this.#root.traits);
    return isSameContent(expected, now) ? now : expected;
  }

  /** Takes it out of its place first and looks again: if somebody wrote to it in the last moment it goes back. */
  #removeFile(absolute: string, expected: Stat): undefined | 'changed' {
    const temporary = this.temporaryFile(`${newId(parseEntryId)}.removed`);
    giveFreePlace(this.#root, absolute, temporary, expected.kind);
    if (isSameContent(expected, statAt(temporary, this.#root.traits))) {
      unlinkSync(temporary);
      return undefined;
    }
    giveFreePlace(this.#root, temporary, absolute, expected.kind);
    return 'changed';
  }

  /** A look: what is missing is `undefined`, but never because the whole folder is. */
  async #look<T>(look: () => Promise<T>): Promise<T | undefined | Unreadable> {
    try {
      return await look();
    } catch (error) {
      this.#root.check();
      return isMissing(error) ? undefined : { failed: reasonOf(error) };
    }
  }

  /** A step, done without a pause. */
  async #step(paths: readonly LocalPath[], act: () => Stat | undefined | 'changed'): Promise<DiskOutcome> {
    try {
      const folders = paths.map((local) => path.dirname(this.#root.reach(local)));
      const done = act();
      if (done === 'changed') {
        this.#root.check();
        return { outcome: 'changed' };
      }
      for (const folder of folders) this.#syncer.touch(folder);
      return { outcome: 'done', stat: done };
    } catch (error) {
      this.#root.check();
      return outcomeOfError(error);
    }
  }
}

/** Sets time and executable bit of an open file: who may read it may run it, where it can be run at all. */
function setFacts(descriptor: number, { mtimeMs, executable }: { readonly mtimeMs: number; readonly executable: boolean }): void {
  const { mode } = fstatSync(descriptor);
  const wanted = executable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111;
  if (wanted !== mode) fchmodSync(descriptor, wanted & 0o7777);
  // In seconds a millisecond is no exact number, and what is below a nanosecond is dropped: aim past the edge. As text,
  // because a negative number would be taken for the present.
  const seconds = String((mtimeMs + 0.0005) / 1000);
  futimesSync(descriptor, seconds, seconds);
}
