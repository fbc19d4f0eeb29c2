import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseEntryId, type EntryId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Drive } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';

/** What was decided about a synced folder when it was first synced, or since. */
export type FolderSettings = {
  /** Where the folder is. */
  readonly path: string;
  readonly server: string;
  /** As it was when the folder was first synced: enough to begin without an answer from the server. */
  readonly drive: Drive;
  /** Names the folder to this client; a file of that name lies inside it. */
  readonly marker: string;
  /** Paths on the server that this device wants; none for everything. */
  readonly select: readonly string[];
  /** Patterns of what is never synced, in addition to those of ignore files. */
  readonly ignore: readonly string[];
};

const mountsFolder = 'mounts';

/**
 * Where a client keeps what it knows about one synced folder: outside of it, so that an empty folder in its place (a disk
 * that is not mounted, say) is noticed instead of being taken for a new beginning.
 */
export class StateFolder {
  readonly path: string;
  readonly folder: string;

  private constructor(folder: string, statePath: string) {
    this.folder = folder;
    this.path = statePath;
  }

  /** Of a synced folder, by its absolute path, in the client's own folder. */
  static of(configFolder: string, folder: string): StateFolder {
    return new StateFolder(folder, path.join(configFolder, 'folders', createHash('sha256').update(folder).digest('hex').slice(0, 16)));
  }

  /** Of another drive that shows up in the folder, by its mount, wherever that is. */
  within(mount: EntryId): StateFolder {
    return new StateFolder(this.folder, path.join(this.path, mountsFolder, mount));
  }

  /** Mounts of which there is something. */
  mounts(): readonly EntryId[] {
    const folder = this.file(mountsFolder);
    return (existsSync(folder) ? readdirSync(folder) : []).map(parseEntryId).filter((entryId) => entryId !== undefined);
  }

  file(name: string): string {
    return path.join(this.path, name);
  }

  /** `undefined` for a folder that was never synced. Throws `LocalError` for settings that cannot be read. */
  settings(): FolderSettings | undefined {
    const text = this.read('folder.json');
    if (text === undefined) return undefined;
    try {
      const value = JSON.parse(text) as FolderSettings;
      return { ...value, drive: routes.getDrive.answer.parse(value.drive) };
    } catch (error) {
      throw new LocalError(`${this.file('folder.json')} is damaged`, { cause: error });
    }
  }

  keepSettings(settings: FolderSettings): void {
    this.write('folder.json', JSON.stringify(settings, undefined, 2));
  }

  /** Puts aside all that is known of the folder, in place of what was put aside before: it is as if it had never been synced. */
  forget(): void {
    const old = `${this.path}.old`;
    rmSync(old, { recursive: true, force: true });
    if (existsSync(this.path)) renameSync(this.path, old);
  }

  /** The text of a small file, `undefined` when there is none. */
  read(name: string): string | undefined {
    try {
      return readFileSync(this.file(name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Replaces a small file whole, or removes it. */
  write(name: string, text: string | undefined): void {
    if (text === undefined) return rmSync(this.file(name), { force: true });
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    writeFileSync(this.file(`${name}.new`), text, { mode: 0o600 });
    renameSync(this.file(`${name}.new`), this.file(name));
  }
}
