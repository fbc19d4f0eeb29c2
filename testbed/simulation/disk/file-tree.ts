import type { Stat } from '@driftbox/sync-client';
import type { ContentTag } from '../contents.ts';

/** One thing in a file system. Changed only by `FileTree`, which can undo it. */
export type Inode = {
  readonly inode: number;
  readonly kind: 'file' | 'folder' | 'symlink';
  content: ContentTag;
  sizeBytes: number;
  mtimeMs: number;
  ctimeMs: number;
  executable: boolean;
  target: string;
  readonly children: Map<string, Inode>;
};

/** What can be found, and undone, in a place: a folder's children or a hidden store. */
type Names = Map<string, Inode>;

/** What a synced folder is worked on with: the whole of a file system, or a folder in it. */
export type Files = Pick<FileTree, 'at' | 'put' | 'move' | 'make' | 'name' | 'alter' | 'asOne' | 'now' | 'round' | 'flush' | 'tellsCases'>;

export type Found = { readonly path: string; readonly inode: Inode };

const separator = '/';

/**
 * A file system in memory, with times in steps (`stepMs`) as real ones have, and with the one vice of real ones: what was not
 * flushed may be undone by a loss of power, the latest first. Every change goes through `#name` or `#alter`.
 */
export class FileTree {
  readonly root: Inode;
  readonly #clock: () => number;
  readonly #stepMs: number;
  /** False for one that takes `a` and `A` for one name, and keeps the spelling that it was given last. */
  readonly tellsCases: boolean;
  #inodes = 0;
  #undo: (() => void)[] = [];

  constructor(clock: () => number, stepMs: number, tellsCases = true) {
    this.#clock = clock;
    this.#stepMs = stepMs;
    this.tellsCases = tellsCases;
    this.root = this.make('folder', {});
  }

  /** A new thing that lies nowhere yet. */
  make(kind: Inode['kind'], over: Partial<Inode>): Inode {
    this.#inodes += 1;
    const now = this.now();
    const plain = { content: 0, sizeBytes: 0, mtimeMs: now, ctimeMs: now, executable: false, target: '' };
    return { ...plain, ...over, inode: this.#inodes, kind, children: new Map() };
  }

  /** The time as this file system keeps it. */
  now(): number {
    return this.round(this.#clock());
  }

  round(ms: number): number {
    return Math.floor(ms / this.#stepMs) * this.#stepMs;
  }

  at(path: string): Inode | undefined {
    if (path === '') return this.root;
    let here: Inode | undefined = this.root;
    for (const name of path.split(separator)) here = here?.children.get(this.#spelling(here.children, name));
    return here;
  }

  /** Puts something at a free or a replaced place, or takes away what is there. False where there is no folder for it. */
  put(path: string, inode: Inode | undefined): boolean {
    const slash = path.lastIndexOf(separator);
    const folder = this.at(slash === -1 ? '' : path.slice(0, slash));
    if (folder?.kind !== 'folder') return false;
    const name = path.slice(slash + 1);
    const spelling = this.#spelling(folder.children, name);
    if (spelling !== name) this.name(folder.children, spelling, undefined);
    this.name(folder.children, name, inode);
    this.alter(folder, { mtimeMs: this.now() });
    return true;
  }

  /** A rename: over whatever is at the target. */
  move(from: string, to: string): boolean {
    const inode = this.at(from);
    if (inode === undefined || to === from || to.startsWith(from + separator)) return false;
    const isRespelt = this.at(to) === inode;
    return this.asOne(() => {
      if (!this.put(to, inode)) return false;
      if (!isRespelt) this.put(from, undefined);
      this.alter(inode, {});
      return true;
    });
  }

  /** The name as it stands there, or as it would if it came. */
  #spelling(names: Names, name: string): string {
    if (this.tellsCases || names.has(name)) return name;
    const key = caseless(name);
    return [...names.keys()].find((other) => caseless(other) === key) ?? name;
  }

  name(names: Names, name: string, inode: Inode | undefined): void {
    const before = names.get(name);
    if (inode === undefined) names.delete(name);
    else names.set(name, inode);
    this.#undo.push(() => (before === undefined ? names.delete(name) : names.set(name, before)));
  }

  alter(inode: Inode, over: Partial<Omit<Inode, 'inode' | 'kind' | 'children'>>): void {
    const { content, sizeBytes, mtimeMs, ctimeMs, executable, target } = inode;
    Object.assign(inode, { ctimeMs: this.now() }, over);
    // Bytes of a moment before under the very same size and times could be told from these by nobody (docs/sync.md).
    const shows = inode.sizeBytes !== sizeBytes || inode.mtimeMs !== mtimeMs || inode.ctimeMs !== ctimeMs;
    if (!shows && inode.content !== content) return;
    this.#undo.push(() => Object.assign(inode, { content, sizeBytes, mtimeMs, ctimeMs, executable, target }));
  }

  /** A loss of power takes all of it or nothing, as of a rename on a file system with a journal. */
  asOne<T>(work: () => T): T {
    const first = this.#undo.length;
    const result = work();
    const parts = this.#undo.splice(first);
    this.#undo.push(() => parts.toReversed().forEach((undo) => undo()));
    return result;
  }

  flush(): void {
    this.#undo = [];
  }

  get unflushed(): number {
    return this.#undo.length;
  }

  /** The power goes: the last `count` unflushed changes never happened. */
  losePower(count: number): void {
    for (const undo of this.#undo.splice(this.#undo.length - count).toReversed()) undo();
    this.#undo = [];
  }

  /** Everything below the root, folders before what they hold. */
  walk(): Found[] {
    const found: Found[] = [];
    const queue: Found[] = [{ path: '', inode: this.root }];
    for (const folder of queue) {
      for (const [name, inode] of folder.inode.children) {
        const one = { path: folder.path === '' ? name : `${folder.path}/${name}`, inode };
        found.push(one);
        if (inode.kind === 'folder') queue.push(one);
      }
    }
    return found;
  }
}

/** What a name looks like to a file system that does not tell cases. */
export function caseless(name: string): string {
  return name.toLowerCase();
}

export function statOf({ inode, kind, sizeBytes, mtimeMs, ctimeMs, executable, target }: Inode): Stat {
  const common = { kind, identity: `i${inode}`, sizeBytes, mtimeMs, ctimeMs, executable };
  return kind === 'symlink' ? { ...common, target } : common;
}

/** True for what a step was planned from. */
export function isAsExpected(found: Inode | undefined, expected: Stat | undefined): boolean {
  if (found === undefined || expected === undefined) return found === undefined && expected === undefined;
  const stat = statOf(found);
  if (stat.identity !== expected.identity || stat.kind !== expected.kind) return false;
  if (stat.kind === 'symlink') return stat.target === expected.target;
  if (stat.kind === 'folder') return true;
  return stat.sizeBytes === expected.sizeBytes && stat.mtimeMs === expected.mtimeMs && stat.ctimeMs === expected.ctimeMs;
}
