import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { dataKeyOf, keyBytes } from './data-key.ts';
import type { DataKey } from './data-key.ts';
import type { KeyManager, WrappedKey } from './key-manager.ts';
import { StoreError } from './store-error.ts';

type KeyFile = { readonly format: 1; readonly current: number; readonly keys: Readonly<Record<string, string>> };

const nonceBytes = 12;
const tagBytes = 16;

/**
 * Key-encryption keys in a JSON file `{format, current, keys: {generation: base64}}`, which on Kubernetes is a mounted
 * Secret. When the file is absent one with a single key is made, readable by its owner alone (mode 0600).
 */
export async function openFileKeyManager(path: string): Promise<KeyManager> {
  const file = (await readKeyFile(path)) ?? (await createKeyFile(path));
  const keys = new Map<number, KeyObject>();
  for (const [generation, text] of Object.entries(file.keys)) {
    const secret = Buffer.from(text, 'base64');
    if (secret.length !== keyBytes) throw new StoreError('corrupt', `${path}: key ${generation} is not ${keyBytes} bytes`);
    keys.set(Number(generation), createSecretKey(secret));
  }
  if (!keys.has(file.current)) throw new StoreError('corrupt', `${path}: the current key ${file.current} is missing`);
  return new FileKeyManager(file.current, keys);
}

/** Adds a random generation and makes it the current one. The file is replaced whole; answers the new generation. One at a time. */
export async function addKeyGeneration(path: string): Promise<number> {
  const file = await readKeyFile(path);
  if (file === undefined) throw new StoreError('not_found', `${path}: no key file`);
  const current = Math.max(...Object.keys(file.keys).map(Number)) + 1;
  const keys = { ...file.keys, [current]: randomBytes(keyBytes).toString('base64') };
  await rename(await writeTemp(path, { ...file, current, keys }), path);
  await syncFolderOf(path);
  return current;
}

class FileKeyManager implements KeyManager {
  readonly currentGeneration: number;
  readonly #keys: ReadonlyMap<number, KeyObject>;

  constructor(current: number, keys: ReadonlyMap<number, KeyObject>) {
    this.currentGeneration = current;
    this.#keys = keys;
  }

  async wrap(key: DataKey): Promise<WrappedKey> {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(this.currentGeneration), nonce);
    cipher.setAAD(context(key, this.currentGeneration));
    const sealed = cipher.update(key.secret.export());
    cipher.final();
    return { keyGeneration: this.currentGeneration, bytes: Buffer.concat([nonce, sealed, cipher.getAuthTag()]) };
  }

  async unwrap(of: Pick<DataKey, 'tenant' | 'generation'>, { keyGeneration, bytes }: WrappedKey): Promise<DataKey> {
    const key = this.#keyOf(keyGeneration);
    if (bytes.length !== nonceBytes + keyBytes + tagBytes) throw new StoreError('corrupt', 'a wrapped key has the wrong length');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes));
    decipher.setAAD(context(of, keyGeneration));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    const secret = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
    try {
      decipher.final();
    } catch (error) {
      throw new StoreError('corrupt', 'a wrapped key does not unwrap', { cause: error });
    }
    return dataKeyOf(of.tenant, of.generation, secret);
  }

  #keyOf(generation: number): KeyObject {
    const key = this.#keys.get(generation);
    if (key === undefined) throw new StoreError('not_found', `no key-encryption key of generation ${generation}`);
    return key;
  }
}

/** What a wrapping is bound to: another tenant's or generation's key cannot be passed off for this one. */
function context(of: Pick<DataKey, 'tenant' | 'generation'>, keyGeneration: number): Uint8Array {
  return Buffer.from(`driftbox data key 1 ${of.tenant} ${of.generation} ${keyGeneration}`);
}

async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const file = JSON.parse(text) as KeyFile;
    if (file.format === 1 && Number.isInteger(file.current) && typeof file.keys === 'object' && file.keys !== null) return file;
  } catch {
    // Falls through to the one message: what the parser says would quote the secret.
  }
  throw new StoreError('corrupt', `${path}: not a key file`);
}

async function createKeyFile(path: string): Promise<KeyFile> {
  const file: KeyFile = { format: 1, current: 1, keys: { 1: randomBytes(keyBytes).toString('base64') } };
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

/** Losing this file loses every tenant's data, so it is durable before anyone wraps with it. */
async function writeTemp(path: string, file: KeyFile): Promise<string> {
  const temp = `${path}.${randomBytes(4).toString('hex')}`;
  const handle = await open(temp, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(file)}\n`);
    await handle.sync();
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
