import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LocalError } from '@driftbox/transfer';
import { RootGone } from '../ports/disk.ts';
import type { LocalPath } from '../ports/disk.ts';
import { undoHalfMove } from './half-move.ts';
import { ownFolder, probeTraits, stashFolder } from './traits.ts';
import type { Traits } from './traits.ts';

/** Another client syncs this folder right now. */
export class FolderInUse extends LocalError {
  constructor(folder: string) {
    super(`another driftbox syncs ${folder} already`);
    this.name = 'FolderInUse';
  }
}

/** A folder on the way to a path is none, or a link that might lead out of the synced folder. */
export class NoWay extends Error {}

/** SQLITE_BUSY (sqlite.org/rescode.html). */
const sqliteBusy = 5;
/** What is left of a transfer that was given up stays as long, in case it is taken up again. */
const keptMs = 7 * 24 * 3_600_000;

/**
 * A synced folder that this process holds: nobody else syncs it until `close`. Inside it, `.driftbox` has temporary files,
 * things out of the way, and a marker that tells this folder from an empty one in its place.
 */
export class Root {
  readonly path: string;
  readonly temporary: string;
  readonly stash: string;
  /** Where a move that is half done is noted. */
  readonly moving: string;
  readonly traits: Traits;
  /** The file system that all of it is on. */
  readonly device: bigint;
  readonly #inode: bigint;
  readonly #marker: string;
  readonly #lock: DatabaseSync;

  /**
   * Takes the folder. `marker` names the synced folder as this client knows it; `known` says that it was synced before, so
   * that the marker must be there. Throws `RootGone`, `FolderInUse` or what the file system says.
   */
  constructor(folder: string, marker: string, known: boolean) {
    this.path = realPathOf(folder, known);
    const stats = statSync(this.path, { bigint: true });
    this.device = stats.dev;
    this.#inode = stats.ino;
    const own = path.join(this.path, ownFolder);
    this.#marker = path.join(own, `folder-${marker}`);
    if (known) this.check();
    mkdirSync(own, { recursive: true });
    if (!lstatSync(own).isDirectory()) throw new LocalError(`${own} is a link: DriftBox keeps its own things there`);
    this.#lock = takeLock(this.path, path.join(own, 'lock'));
    this.temporary = path.join(own, 'temporary');
    this.stash = path.join(own, stashFolder);
    for (const one of [this.temporary, this.stash]) mkdirSync(one, { recursive: true });
    this.moving = path.join(own, 'moving');
    undoHalfMove(this.path, this.moving);
    if (!known) writeFileSync(this.#marker, '');
    this.traits = probeTraits(this.temporary);
  }

  /** Throws `RootGone` unless this is still the folder that was opened, and the one that was synced before. */
  check(): void {
    const stats = statSync(this.path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) throw new RootGone(`${this.path} is gone`);
    if (stats.dev !== this.device || stats.ino !== this.#inode) throw new RootGone(`${this.path} is another folder than before`);
    if (lstatSync(this.#marker, { throwIfNoEntry: false }) === undefined) {
      const why = 'it may be on a disk that is not mounted. If it is gone for good, --anew begins again';
      throw new RootGone(`${this.path} is not the folder that was synced here: ${why}`);
    }
  }

  /**
   * The absolute path, once every folder on the way is found to be one. What the system does with it right afterwards goes
   * nowhere else, unless a folder is replaced by a link in between. Throws `NoWay`.
   */
  reach(local: LocalPath): string {
    const names = local.split('/');
    let absolute = this.path;
    for (const [index, name] of names.entries()) {
      if (index > 0) {
        const stats = lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
        if (stats?.isDirectory() !== true || stats.dev !== this.device) throw new NoWay(`${absolute} is no folder here`);
      }
      absolute += `/${name}`;
    }
    return local === '' ? this.path : absolute;
  }

  /** Lets others sync the folder. */
  close(): void {
    this.#lock.close();
  }
}

function realPathOf(folder: string, known: boolean): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (known && (error as NodeJS.ErrnoException).code === 'ENOENT') throw new RootGone(`${folder} is gone`, { cause: error });
    throw error;
  }
}

/** SQLite's own file lock, which the operating system drops with the process. */
function takeLock(folder: string, file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw (error as { errcode?: number }).errcode === sqliteBusy ? new FolderInUse(folder) : error;
  }
}

/** Removes temporary files that an earlier run left, except transfers of large files that may be taken up again. */
export function sweep(temporary: string): void {
  for (const name of readdirSync(temporary)) {
    const file = path.join(temporary, name);
    const resumable = name.endsWith('.part') && Date.now() - (lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < keptMs;
    if (!resumable) rmSync(file, { force: true });
  }
}
