import { basename, dirname } from 'node:path';
import type { FileHandle } from 'node:fs/promises';
import type { DiskIo } from '../disk-io.ts';

/** A file as programs see it, and as the disk has it. */
type File = { bytes: Buffer; durable: Buffer; changedAtMs: number };
/** A folder likewise: names that were not synced may be lost. */
type Folder = { names: Map<string, File | Folder>; durable: Map<string, File | Folder> };

const isFolder = (held: File | Folder | undefined): held is Folder => held !== undefined && 'names' in held;
const absent = (path: string): Error => Object.assign(new Error(`ENOENT ${path}`), { code: 'ENOENT' });

/**
 * For tests: a file system that loses power as harshly as one may. After `losePower('names')` only names and bytes that were
 * synced are there; after `losePower('bytes')` all names are, but of the bytes only the synced ones. Its top folder is `/`.
 */
export class MemoryIo {
  readonly #top: Folder = { names: new Map(), durable: new Map() };

  /** The calls that a disk store makes. */
  readonly io: DiskIo = {
    makeFolder: async (path) => void this.#makeFolder(path),
    create: async (path) => {
      const { names } = this.#folder(dirname(path));
      if (names.has(basename(path))) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
      const file: File = { bytes: Buffer.alloc(0), durable: Buffer.alloc(0), changedAtMs: Date.now() };
      names.set(basename(path), file);
      return file as unknown as FileHandle;
    },
    append: async (handle, pieces) => {
      const file = handle as unknown as File;
      file.bytes = Buffer.concat([file.bytes, ...pieces]);
      file.changedAtMs = Date.now();
    },
    sync: async (handle) => {
      const file = handle as unknown as File;
      file.durable = file.bytes;
    },
    close: async () => undefined,
    rename: async (from, to) => {
      const file = this.#file(from);
      this.#folder(dirname(to)).names.set(basename(to), file);
      this.#folder(dirname(from)).names.delete(basename(from));
    },
    syncFolder: async (path) => {
      const folder = this.#folder(path);
      folder.durable = new Map(folder.names);
    },
    read: async (path, range) => {
      const { bytes } = this.#file(path);
      const { offset = 0, length = bytes.length } = range ?? {};
      return Buffer.from(bytes.subarray(offset, offset + length));
    },
    size: async (path) => this.#file(path).bytes.length,
    changedAtMs: async (path) => this.#file(path).changedAtMs,
    names: async (path) => [...this.#folder(path).names.keys()],
    remove: async (path) => {
      this.#file(path);
      this.#folder(dirname(path)).names.delete(basename(path));
    },
  };

  /** Loses what was not synced. */
  losePower(what: 'names' | 'bytes'): void {
    const lose = (folder: Folder): void => {
      if (what === 'names') folder.names = new Map(folder.durable);
      for (const held of folder.names.values()) {
        if (isFolder(held)) lose(held);
        else held.bytes = held.durable;
      }
    };
    lose(this.#top);
  }

  #makeFolder(path: string): Folder {
    if (path === '/') return this.#top;
    const above = this.#makeFolder(dirname(path));
    const held = above.names.get(basename(path));
    if (isFolder(held)) return held;
    const made: Folder = { names: new Map(), durable: new Map() };
    above.names.set(basename(path), made);
    return made;
  }

  #find(path: string): File | Folder {
    if (path === '/') return this.#top;
    const held = this.#folder(dirname(path)).names.get(basename(path));
    if (held === undefined) throw absent(path);
    return held;
  }

  #folder(path: string): Folder {
    const held = this.#find(path);
    if (!isFolder(held)) throw absent(path);
    return held;
  }

  #file(path: string): File {
    const held = this.#find(path);
    if (isFolder(held)) throw absent(path);
    return held;
  }
}
