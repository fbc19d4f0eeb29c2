import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** A disk of its own under a folder, which really can be full. */
export type SmallDisk = {
  /** Writes until there is no byte left; answers what gives all of it back. */
  fill(): Promise<() => Promise<void>>;
  /** Takes the disk away, and what is on it. */
  remove(): Promise<void>;
};

const run = promisify(execFile);
const pieces = [1 << 20, 4 << 10];

/** Whether this process may mount one: as root, on Linux. */
export function canHaveSmallDisk(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/** Makes a disk in memory of so many MiB at `folder`, which is made. */
export async function addSmallDisk(folder: string, sizeMiB: number): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=700`, 'tmpfs', folder]);
  const ballast = path.join(folder, 'ballast');
  return {
    fill: async () => {
      for (const piece of pieces) await fillWith(ballast, piece);
      return () => rm(ballast, { force: true });
    },
    remove: async () => void (await run('umount', [folder])),
  };
}

/** Appends pieces until one does not fit. */
async function fillWith(ballast: string, pieceBytes: number): Promise<void> {
  const file = await open(ballast, 'a', 0o600);
  try {
    for (;;) await file.appendFile(Buffer.alloc(pieceBytes));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}
