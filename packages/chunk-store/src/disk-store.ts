import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileSystemIo } from './disk-io.ts';
import type { DiskIo } from './disk-io.ts';
import { FolderSyncs } from './folder-syncs.ts';
import type { Leftovers } from './leftovers.ts';
import { parsePackId } from './pack-id.ts';
import type { PackId } from './pack-id.ts';
import type { ByteRange, PackBytes, PackPage, PackStat, PackStore } from './pack-store.ts';
import { StoreError, fromSystemError } from './store-error.ts';

/** Where packs are written before they have their name. Everything in it is left over from a crash when the store opens. */
const tempFolder = 'tmp';

/**
 * Opens (and makes) a store in a folder. A pack `abcd…` is the file `a/b/abcd…`: two levels of sixteen, so that a million packs are 4,000
 * names a folder. Removes what writes left behind when a process was killed: all of it, as no other process uses the folder, or what is
 * older than `unfinishedMs`, where others do. The folder that `root` lies in must be durable already.
 */
export async function openDiskStore(root: string, io: DiskIo = fileSystemIo, unfinishedMs = 0): Promise<PackStore & Leftovers> {
  try {
    const temp = join(root, tempFolder);
    await io.makeFolder(temp);
    await io.syncFolder(dirname(root));
    const store = new DiskStore(root, io);
    if (unfinishedMs > 0) await store.endUnfinished(unfinishedMs);
    else for (const name of await io.names(temp)) await io.remove(join(temp, name));
    return store;
  } catch (error) {
    throw fromSystemError(error, `open ${root}`);
  }
}

class DiskStore implements PackStore, Leftovers {
  readonly #root: string;
  readonly #io: DiskIo;
  readonly #syncs: FolderSyncs;
  /** Folders known to be durable; at most 256. */
  readonly #folders = new Set<string>();

  constructor(root: string, io: DiskIo) {
    this.#root = root;
    this.#io = io;
    this.#syncs = new FolderSyncs((path) => io.syncFolder(path));
  }

  /** Temp file, sync, rename, sync of the folder: after a crash the name is there with all its bytes, or not at all. */
  async write(id: PackId, bytes: PackBytes): Promise<void> {
    const temp = join(this.#root, tempFolder, `${id}.${randomBytes(4).toString('hex')}`);
    try {
      if (await this.#holdsOther(id, bytes)) throw new StoreError('corrupt', `pack ${id} exists with other bytes`);
      await this.#writeTemp(temp, bytes);
      await this.#makeFolderOf(id);
      await this.#io.rename(temp, this.#pathOf(id));
      await this.#syncs.sync(this.#folderOf(id));
    } catch (error) {
      await this.#io.remove(temp).catch(() => undefined);
      this.#folders.delete(this.#folderOf(id));
      const failure = fromSystemError(error, `write pack ${id}`);
      // A folder that vanished under us is a fault of the store, not an absent pack.
      throw failure.kind === 'not_found' ? new StoreError('unavailable', failure.message, { cause: error }) : failure;
    }
  }

  async read(id: PackId, range?: ByteRange): Promise<Uint8Array> {
    const doing = `read pack ${id}`;
    try {
      return await this.#io.read(this.#pathOf(id), range);
    } catch (error) {
      if (!isUnreadable(error) || !(await this.#keepsBytes())) throw fromSystemError(error, doing);
    }
    try {
      return await this.#io.read(this.#pathOf(id), range);
    } catch (error) {
      if (!isUnreadable(error)) throw fromSystemError(error, doing);
      throw new StoreError('corrupt', `${doing}: ${error.code}, twice, from a disk that takes others`, { cause: error });
    }
  }

  async stat(id: PackId): Promise<PackStat> {
    try {
      return { id, sizeBytes: await this.#io.size(this.#pathOf(id)) };
    } catch (error) {
      throw fromSystemError(error, `stat pack ${id}`);
    }
  }

  async list(page: { readonly after?: PackId | undefined; readonly limit: number }): Promise<PackPage> {
    const after = page.after ?? '';
    const packs: PackStat[] = [];
    try {
      for (const folder of foldersFrom(after)) {
        const ids = (await this.#namesIn(folder)).map(parsePackId).filter((id) => id !== undefined && id > after);
        for (const id of (ids as PackId[]).sort()) {
          const last = packs.at(-1);
          if (last !== undefined && packs.length === page.limit) return { packs, next: last.id };
          const sizeBytes = await ifThere(this.#io.size(this.#pathOf(id)));
          if (sizeBytes !== undefined) packs.push({ id, sizeBytes });
        }
      }
      return { packs };
    } catch (error) {
      throw fromSystemError(error, 'list packs');
    }
  }

  async delete(id: PackId): Promise<void> {
    try {
      await ifThere(this.#io.remove(this.#pathOf(id)));
      // Also where it is gone: an earlier attempt may have removed it and failed before that was durable.
      await ifThere(this.#syncs.sync(this.#folderOf(id)));
    } catch (error) {
      throw fromSystemError(error, `delete pack ${id}`);
    }
  }

  async listForeign(limit: number): Promise<string[]> {
    const foreign: string[] = [];
    const digit = /^[0-9a-f]$/;
    try {
      const look = async (folder: string, belongs: (name: string) => boolean): Promise<string[]> => {
        const names = await this.#namesIn(folder);
        foreign.push(...names.filter((name) => !belongs(name)).map((name) => join(folder, name)));
        return names.filter(belongs).map((name) => join(folder, name));
      };
      for (const first of await look('', (name) => name === tempFolder || digit.test(name))) {
        if (first === tempFolder) continue;
        for (const second of await look(first, (name) => digit.test(name)))
          await look(second, (name) => parsePackId(name) !== undefined && this.#folderOf(name as PackId) === join(this.#root, second));
        if (foreign.length >= limit) break;
      }
      return foreign.slice(0, limit);
    } catch (error) {
      throw fromSystemError(error, 'list what is no pack');
    }
  }

  async endUnfinished(olderThanMs: number): Promise<{ ended: number; left: number }> {
    let [ended, left] = [0, 0];
    try {
      for (const name of await this.#namesIn(tempFolder)) {
        const temp = join(this.#root, tempFolder, name);
        const changedAtMs = await ifThere(this.#io.changedAtMs(temp));
        if (changedAtMs === undefined) continue;
        if (changedAtMs > Date.now() - olderThanMs) left += 1;
        else if ((await ifThere(this.#io.remove(temp).then(() => true))) === true) ended += 1;
      }
      return { ended, left };
    } catch (error) {
      throw fromSystemError(error, 'remove what was not finished');
    }
  }

  async #writeTemp(temp: string, bytes: PackBytes): Promise<void> {
    const file = await this.#io.create(temp);
    try {
      await this.#io.append(file, bytes);
      await this.#io.sync(file);
    } finally {
      await this.#io.close(file);
    }
  }

  /**
   * Whether the disk takes a byte and makes it durable: then what it cannot read is damaged, and otherwise it is away with all it has.
   * Reading something else would tell nothing: it may come from memory though the disk is gone.
   */
  async #keepsBytes(): Promise<boolean> {
    const temp = join(this.#root, tempFolder, `probe.${randomBytes(4).toString('hex')}`);
    try {
      await this.#writeTemp(temp, [new Uint8Array(1)]);
      return true;
    } catch {
      return false;
    } finally {
      await this.#io.remove(temp).catch(() => undefined);
    }
  }

  /** True when the id is taken by other bytes. Equal ones are written again: the earlier attempt may not be durable. */
  async #holdsOther(id: PackId, bytes: PackBytes): Promise<boolean> {
    const sizeBytes = await ifThere(this.#io.size(this.#pathOf(id)));
    if (sizeBytes === undefined) return false;
    if (sizeBytes !== bytes.reduce((sum, piece) => sum + piece.length, 0)) return true;
    return !Buffer.concat(bytes).equals(await this.#io.read(this.#pathOf(id)));
  }

  async #makeFolderOf(id: PackId): Promise<void> {
    const folder = this.#folderOf(id);
    if (this.#folders.has(folder)) return;
    await this.#io.makeFolder(folder);
    await this.#syncs.sync(join(this.#root, id.slice(0, 1)));
    await this.#syncs.sync(this.#root);
    this.#folders.add(folder);
  }

  async #namesIn(folder: string): Promise<string[]> {
    return (await ifThere(this.#io.names(join(this.#root, folder)))) ?? [];
  }

  #folderOf(id: PackId): string {
    return join(this.#root, id.slice(0, 1), id.slice(1, 2));
  }

  #pathOf(id: PackId): string {
    return join(this.#folderOf(id), id);
  }
}

/** Whether the disk has the bytes and cannot read them: EIO, or ENODATA for a sector that it knows to be damaged. */
function isUnreadable(error: unknown): error is NodeJS.ErrnoException {
  const { code } = Object(error) as NodeJS.ErrnoException;
  return code === 'EIO' || code === 'ENODATA';
}

/** The folders that may hold ids after `after`, in order. */
function* foldersFrom(after: string): Generator<string> {
  const digits = '0123456789abcdef';
  for (const first of digits) for (const second of digits) if (first + second >= after.slice(0, 2)) yield join(first, second);
}

/** A file where a folder was looked for is not there as one. */
async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
