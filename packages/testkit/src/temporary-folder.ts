import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of the test's own. `await using` removes it at the end of the block. */
export type TemporaryFolder = AsyncDisposable & { readonly path: string; remove(): Promise<void> };

/** Makes an empty folder under the system's temporary folder, or under `parent`. */
export async function temporaryFolder(parent: string = tmpdir()): Promise<TemporaryFolder> {
  const folder = await realpath(await mkdtemp(path.join(parent, 'driftbox-test-')));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  return { path: folder, remove, [Symbol.asyncDispose]: remove };
}
