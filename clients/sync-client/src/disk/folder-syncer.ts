import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const force = promisify(fsync);
/** Folders forced to disk at once. */
const atOnce = 16;

/** Remembers in which folders names came and went, and forces them to disk when asked, each once. */
export class FolderSyncer {
  readonly #touched = new Set<string>();

  touch(folder: string): void {
    this.#touched.add(folder);
  }

  /** Resolves when everything done before the call survives a loss of power. */
  async flush(): Promise<void> {
    const folders = [...this.#touched];
    this.#touched.clear();
    const next = async (): Promise<void> => {
      for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) await forceFolder(folder);
    };
    await Promise.all(Array.from({ length: atOnce }, next));
  }
}

async function forceFolder(folder: string): Promise<void> {
  let descriptor: number;
  try {
    descriptor = openSync(folder, 'r');
  } catch {
    // Gone with its names, or no system on which a folder can be opened: nothing to force.
    return;
  }
  try {
    await force(descriptor);
  } catch (error) {
    // Some file systems have no such thing for folders.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    closeSync(descriptor);
  }
}
