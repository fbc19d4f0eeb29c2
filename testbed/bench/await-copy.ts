import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '@driftbox/testkit';

const deadlineMs = 600_000;

/** Waits until a file is there with the size and time of another one: it takes its place whole, so it is complete then. */
export async function awaitCopy(original: string, copy: string): Promise<void> {
  const { size, mtimeMs } = await lstat(original);
  const here = async (): Promise<boolean> => {
    const stats = await lstat(copy).catch(() => undefined);
    return stats?.size === size && Math.floor(stats.mtimeMs) === Math.floor(mtimeMs);
  };
  await waitFor(here, { deadlineMs, what: `${path.basename(copy)} on the other device` });
}

/** Waits until a folder holds so many entries, at every depth. It counts a few times a second: counting takes from what is measured. */
export async function awaitEntries(folder: string, count: number): Promise<void> {
  const here = async (): Promise<boolean> => (await readdir(folder, { recursive: true }).catch(() => [])).length >= count;
  await waitFor(here, { deadlineMs, longestPauseMs: 200, what: `${count} entries in ${path.basename(folder)} on the other device` });
}

/** Waits until something is at a path. */
export async function awaitPath(file: string): Promise<void> {
  await waitFor(() => lstat(file).then(() => true), { deadlineMs, what: `${path.basename(file)} on the other device` });
}
