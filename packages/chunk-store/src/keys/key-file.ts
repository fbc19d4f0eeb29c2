import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { keyBytes } from '../data-key.ts';
import { fromSystemError, StoreError } from '../store-error.ts';

/** `{format, current, keys: {generation: base64}}`. */
export type KeyFile = { readonly format: 1; readonly current: number; readonly keys: Readonly<Record<string, string>> };

/** Throws `StoreError`: `corrupt` for a file that is none, `unavailable` for one that cannot be read. `undefined`: there is none. */
export async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fromSystemError(error, path);
  }
  try {
    const file = JSON.parse(text) as KeyFile;
    if (file.format === 1 && Number.isInteger(file.current) && typeof file.keys === 'object' && file.keys !== null) return file;
  } catch {
    // Falls through to the one message: what the parser says would quote the secret.
  }
  throw new StoreError('corrupt', `${path}: not a key file`);
}

/** A file with a single random key, readable by its owner alone; or the one that somebody else was first to make. */
export async function createKeyFile(path: string): Promise<KeyFile> {
  const file: KeyFile = { format: 1, current: 1, keys: { 1: randomSecret() } };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temp = await writeTemp(path, file);
  try {
    // Unlike a rename, a link never replaces: of two processes that start at once, both use the key of one.
    await link(temp, path);
  } catch (error) {
    const made = (error as NodeJS.ErrnoException).code === 'EEXIST' ? await readKeyFile(path) : undefined;
    if (made === undefined) throw error;
    return made;
  } finally {
    await unlink(temp);
  }
  await syncFolderOf(path);
  return file;
}

/** Replaces the file whole. Throws `StoreError` `unavailable` where it may only be read, as a mounted Secret. */
export async function replaceKeyFile(path: string, file: KeyFile): Promise<void> {
  try {
    const temp = await writeTemp(path, file);
    await rename(temp, path).catch(async (error: unknown) => {
      await unlink(temp);
      throw error;
    });
    await syncFolderOf(path);
  } catch (error) {
    throw new StoreError('unavailable', `${path} cannot be written: change the keys where the file comes from`, {
      transient: false,
      cause: error,
    });
  }
}

/** A new key as the file has it. */
export function randomSecret(): string {
  return randomBytes(keyBytes).toString('base64');
}

/** Losing this file loses every tenant's data, so it is durable before anyone wraps with it. */
async function writeTemp(path: string, file: KeyFile): Promise<string> {
  const temp = `${path}.${randomBytes(4).toString('hex')}`;
  const handle = await open(temp, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(file)}\n`);
    await handle.sync();
  } catch (error) {
    // It holds the secrets, or some of them.
    await unlink(temp);
    throw error;
  } finally {
    await handle.close();
  }
  return temp;
}

async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
