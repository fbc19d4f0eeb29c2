import type { Digest, EntryId } from '@driftbox/domain';
import { RootGone } from '@driftbox/sync-client';
import type { Arrived, Disk, DiskOutcome, Listing, LocalPath, Stat, Unreadable } from '@driftbox/sync-client';
import type { RemoteEntry } from '@driftbox/sync-core';
import { listIdOf, tagOf } from '../contents.ts';
import { happens, pause, type Ground, type Process } from '../ground.ts';
import { isAsExpected, statOf, type Files, type FileTree, type Inode } from './file-tree.ts';

/** What of a folder survives a process: what is in it, and beside that what was put aside or has arrived; and how its disk is. */
export type Held = {
  readonly tree: Files;
  readonly stash: Map<string, Inode>;
  readonly arrived: Map<string, Inode>;
  /** It is not there, or another one is. */
  readonly isUnplugged: boolean;
  readonly isFull: boolean;
};

/** The same of the folder that a client syncs. */
export type DiskState = Held & {
  readonly tree: FileTree;
  isUnplugged: boolean;
  isFull: boolean;
  /** What was in the folder before something took all of it. */
  takenAway: Map<string, Inode> | undefined;
};

const changed: DiskOutcome = { outcome: 'changed' };
const fault = 'the disk would not';
export const folderGone = 'the folder is gone';
export const noRoom = 'no room on this disk';

/** The disk as one process of a client sees it. Each step happens at one moment; time may pass before or after it. */
export class SimulatedDisk implements Disk {
  readonly #ground: Ground;
  readonly #state: Held;
  readonly #process: Process;
  #tags = 0;

  constructor(ground: Ground, state: Held, process: Process) {
    this.#ground = ground;
    this.#state = state;
    this.#process = process;
  }

  async list(path: LocalPath): Promise<Listing | undefined | Unreadable> {
    await this.#pause();
    this.#mustBeThere();
    if (this.#fails()) return { failed: fault };
    const folder = this.#state.tree.at(path);
    if (folder?.kind !== 'folder') return undefined;
    const entries = [...folder.children].map(([name, inode]) => ({ name, onDisk: name, stat: statOf(inode) }));
    return { entries, unusable: [] };
  }

  async stat(path: LocalPath): Promise<Stat | undefined> {
    await this.#pause();
    this.#mustBeThere();
    const inode = this.#state.tree.at(path);
    return inode && statOf(inode);
  }

  async read(path: LocalPath): Promise<{ readonly listId: Digest; readonly stat: Stat } | undefined | Unreadable> {
    await this.#pause();
    this.#mustBeThere();
    if (this.#fails()) return { failed: fault };
    const inode = this.#state.tree.at(path);
    if (inode?.kind !== 'file') return undefined;
    const stat = statOf(inode);
    const listId = listIdOf(inode.content);
    await this.#pause();
    return isAsExpected(this.#state.tree.at(path), stat) ? { listId, stat } : undefined;
  }

  makeFolder(path: LocalPath): Promise<DiskOutcome> {
    return this.#make('makeFolder', path, () => this.#putNew(path, undefined, this.#state.tree.make('folder', {})));
  }

  makeLink(path: LocalPath, target: string, expected: Stat | undefined): Promise<DiskOutcome> {
    return this.#make('makeLink', path, () => this.#putNew(path, expected, this.#state.tree.make('symlink', { target })));
  }

  move(from: LocalPath, to: LocalPath, expected: Stat): Promise<DiskOutcome> {
    return this.#step(`move ${from} to`, to, () => {
      const { tree } = this.#state;
      const inode = tree.at(from);
      const there = tree.at(to);
      const isFree = there === undefined || there === inode;
      if (!isAsExpected(inode, expected) || !isFree || !tree.move(from, to)) return changed;
      return doneWith(inode);
    });
  }

  stash(path: LocalPath, entryId: EntryId, expected: Stat): Promise<DiskOutcome> {
    return this.#step('stash', path, () => {
      const { tree, stash } = this.#state;
      const inode = tree.at(path);
      if (inode === undefined || !isAsExpected(inode, expected)) return changed;
      tree.asOne(() => {
        tree.put(path, undefined);
        tree.name(stash, entryId, inode);
        tree.alter(inode, {});
      });
      return doneWith(inode);
    });
  }

  unstash(entryId: EntryId, to: LocalPath): Promise<DiskOutcome> {
    return this.#step('unstash', to, () => {
      const { tree, stash } = this.#state;
      const inode = stash.get(entryId);
      if (inode === undefined || tree.at(to) !== undefined) return changed;
      const isPut = tree.asOne(() => {
        if (!tree.put(to, inode)) return false;
        tree.name(stash, entryId, undefined);
        tree.alter(inode, {});
        return true;
      });
      return isPut ? doneWith(inode) : changed;
    });
  }

  async stashed(): Promise<readonly EntryId[]> {
    await this.#pause();
    this.#mustBeThere();
    return [...this.#state.stash.keys()] as EntryId[];
  }

  remove(path: LocalPath, expected: Stat): Promise<DiskOutcome> {
    return this.#step('remove', path, () => {
      const inode = this.#state.tree.at(path);
      if (inode === undefined || !isAsExpected(inode, expected) || inode.children.size > 0) return changed;
      this.#state.tree.put(path, undefined);
      return { outcome: 'done', stat: undefined };
    });
  }

  setAttributes(path: LocalPath, wanted: { readonly mtimeMs: number; readonly executable: boolean }, expected: Stat): Promise<DiskOutcome> {
    return this.#step('setAttributes', path, () => {
      const { tree } = this.#state;
      const inode = tree.at(path);
      if (inode === undefined || !isAsExpected(inode, expected)) return changed;
      tree.alter(inode, { mtimeMs: tree.round(wanted.mtimeMs), executable: wanted.executable });
      return doneWith(inode);
    });
  }

  /** Content on its way to temporary space: torn until it is whole. */
  async receive(remote: RemoteEntry): Promise<Arrived | Unreadable> {
    const { tree, arrived } = this.#state;
    if (remote.body.kind !== 'file' || remote.body.listId === undefined) return { failed: 'not a file' };
    this.#tags += 1;
    const tag = `${remote.entryId} ${this.#ground.scheduler.nowMs} ${this.#tags}`;
    const { sizeBytes, executable, listId } = remote.body;
    const inode = tree.make('file', { sizeBytes: Math.floor(sizeBytes / 2), executable });
    arrived.set(tag, inode);
    await this.#pause();
    if (this.#fails() || this.#state.isFull || this.#state.isUnplugged) {
      arrived.delete(tag);
      return { failed: this.#state.isFull ? noRoom : fault };
    }
    Object.assign(inode, { content: tagOf(listId), sizeBytes, mtimeMs: tree.round(remote.body.mtimeMs) });
    return { tag };
  }

  async place({ tag }: Arrived, path: LocalPath, expected: Stat | undefined): Promise<DiskOutcome> {
    const outcome = await this.#step('place', path, () => {
      const inode = this.#state.arrived.get(tag);
      this.#state.arrived.delete(tag);
      return inode === undefined ? changed : this.#putNew(path, expected, inode);
    });
    this.#state.arrived.delete(tag);
    return outcome;
  }

  async discard({ tag }: Arrived): Promise<void> {
    await this.#pause();
    this.#state.arrived.delete(tag);
  }

  async discardAll(): Promise<void> {
    await this.#pause();
    this.#mustBeThere();
    this.#state.arrived.clear();
  }

  async flush(): Promise<void> {
    await this.#pause();
    this.#state.tree.flush();
    await this.#pause();
  }

  #putNew(path: LocalPath, expected: Stat | undefined, inode: Inode): DiskOutcome {
    const { tree } = this.#state;
    if (!isAsExpected(tree.at(path), expected)) return changed;
    const isPut = tree.asOne(() => {
      tree.alter(inode, {});
      return tree.put(path, inode);
    });
    return isPut ? doneWith(inode) : changed;
  }

  /** A step that takes room. */
  #make(what: string, path: LocalPath, act: () => DiskOutcome): Promise<DiskOutcome> {
    return this.#step(what, path, () => (this.#state.isFull ? { outcome: 'failed', reason: noRoom, retryable: true } : act()));
  }

  async #step(what: string, path: LocalPath, act: () => DiskOutcome): Promise<DiskOutcome> {
    await this.#pause();
    this.#mustBeThere();
    const outcome: DiskOutcome = this.#fails() ? { outcome: 'failed', reason: fault, retryable: true } : act();
    this.#ground.trace.note(this.#ground.scheduler.nowMs, `disk ${this.#process.client} ${what} ${path} ${outcome.outcome}`);
    await this.#pause();
    return outcome;
  }

  #mustBeThere(): void {
    if (this.#state.isUnplugged) throw new RootGone(folderGone);
  }

  #fails(): boolean {
    return happens(this.#ground, this.#ground.weather.diskFails);
  }

  #pause(): Promise<void> | undefined {
    return pause(this.#ground, this.#process);
  }
}

function doneWith(inode: Inode | undefined): DiskOutcome {
  return { outcome: 'done', stat: inode && statOf(inode) };
}
