import type { Client } from '../client.ts';
import type { ContentTag } from '../contents.ts';
import { statOf, type Found, type Inode } from '../disk/file-tree.ts';
import type { Step } from '../script.ts';
import type { World } from '../world.ts';

const names = ['a', 'b', 'c', 'd.txt', 'e.log', 'f.doc'] as const;
/** Where some disks do not tell them apart. */
const spellings = ['a', 'A', 'b', 'B', 'c.txt', 'C.txt'] as const;
const oftenSizes = 3;

/** The hands of one client's user, for one step: what they pick from is what is there now. */
export class User {
  readonly world: World;
  readonly client: Client;
  readonly step: Step;

  constructor(world: World, client: Client, step: Step) {
    this.world = world;
    this.client = client;
    this.step = step;
  }

  get tree() {
    return this.client.disk.tree;
  }

  /**
   * Everything. A keeper leaves alone what sync has not seen yet: moved to where something else was, it would be taken for an
   * edit of that.
   */
  walk(): Found[] {
    const found = this.tree.walk();
    if (this.world.kind !== 'keeper') return found;
    return found.filter(({ inode }) => this.client.memory.localByIdentity(statOf(inode).identity) !== undefined);
  }

  files(): Found[] {
    return this.walk().filter(({ inode }) => inode.kind === 'file');
  }

  folders(): Found[] {
    return [{ path: '', inode: this.tree.root }, ...this.walk().filter(({ inode }) => inode.kind === 'folder')];
  }

  pick<T>(from: readonly T[], number: number): T | undefined {
    return from.length === 0 ? undefined : from[number % from.length];
  }

  /** A free place in a folder; `undefined` when all names are taken. */
  freePlace(folder: string, number: number): string | undefined {
    const choice = this.world.hasBlindDisks ? spellings : names;
    for (let n = 0; n < choice.length; n += 1) {
      const name = choice[(number + n) % choice.length]!;
      const path = folder === '' ? name : `${folder}/${name}`;
      if (this.tree.at(path) === undefined) return path;
    }
    return undefined;
  }

  /** What is saved now and then is what somebody saved before. */
  newFile(): Inode {
    const { contents } = this.world.ground;
    const known = this.step.c % 8 === 0 ? [...contents.kept].at(-1) : undefined;
    const content = known ?? contents.save(1 + (this.step.c % oftenSizes));
    this.#hold([content]);
    return this.tree.make('file', { content, sizeBytes: contents.sizeOf(content) });
  }

  /** Writes over a file's content in place. */
  write(inode: Inode, sizeBytes: number): void {
    if (this.client.disk.isFull) return;
    const before = inode.content;
    const content = this.world.ground.contents.save(sizeBytes);
    this.#hold([content]);
    this.tree.alter(inode, { content, sizeBytes, mtimeMs: this.tree.now() });
    this.world.letGo([before]);
  }

  /** Puts something, or nothing, where something else may be. */
  put(path: string, inode: Inode | undefined): void {
    const before = this.tree.at(path);
    // Its folder may have gone, and then nothing was saved.
    const hasRoom = inode === undefined || !this.client.disk.isFull;
    const isDone = hasRoom && this.tree.put(path, inode);
    if (inode !== undefined) this.#hold(this.client.contentsOf(inode));
    if (!isDone && inode !== undefined) this.letGoOf(inode);
    if (isDone && before !== undefined) this.letGoOf(before);
  }

  moveOver(from: string, to: string): void {
    const before = this.tree.at(to);
    const moved = this.tree.at(from);
    const tags = moved === undefined ? [] : this.client.contentsOf(moved);
    this.world.moved(this.client.person, tags);
    if (this.#driveAt(from) !== this.#driveAt(to)) this.#hold(tags);
    const isOther = before !== undefined && before !== this.tree.at(from);
    if (this.tree.move(from, to) && isOther) this.letGoOf(before);
  }

  letGoOf(inode: Inode): void {
    this.world.letGo(this.client.contentsOf(inode));
  }

  #hold(tags: readonly ContentTag[]): void {
    this.world.hold(this.client.person, tags);
  }

  /** The folder of the drive that a place is in; `undefined` for the home drive's. */
  #driveAt(path: string): Inode | undefined {
    const folders = path.split('/').slice(0, -1);
    for (let count = folders.length; count > 0; count -= 1) {
      const folder = this.tree.at(folders.slice(0, count).join('/'));
      if (folder !== undefined && this.#isOfDrive(folder)) return folder;
    }
    return undefined;
  }

  /** Whether a drive is synced with a folder, or is about to be. */
  #isOfDrive(folder: Inode): boolean {
    const { memory, ownFolders } = this.client;
    if ((ownFolders.find(folder)?.markers.size ?? 0) > 0) return true;
    return memory.localByIdentity(statOf(folder).identity)?.body.kind === 'mount';
  }

  later(delayMs: number, act: () => void): void {
    this.world.ground.scheduler.after(delayMs, () => {
      if (this.client.isInMishap) return;
      act();
      this.client.notice();
    });
  }
}
