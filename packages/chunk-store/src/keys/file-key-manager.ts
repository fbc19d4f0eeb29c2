import { strict as assert } from 'node:assert';
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { dataKeyOf, keyBytes } from '../data-key.ts';
import type { DataKey } from '../data-key.ts';
import { StoreError } from '../store-error.ts';
import { createKeyFile, randomSecret, readKeyFile, replaceKeyFile, type KeyFile } from './key-file.ts';
import type { KeyGenerations, KeyManager, KeyName, WrappedKey } from './key-manager.ts';
import { rewrapEach } from './rewrap-each.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** How a key file is opened. */
export type KeyFileOptions = {
  /**
   * Asked when there is no file: may one be made? Not where something is wrapped already, for a new key opens none of it.
   * Default: yes.
   */
  readonly mayCreate?: () => Promise<boolean>;
};

/**
 * Key-encryption keys in a JSON file `{format, current, keys: {generation: base64}}`, which on Kubernetes is a mounted
 * Secret. Other processes may change it: it is read again wherever a new generation may matter.
 */
export async function openFileKeyManager(path: string, options: KeyFileOptions = {}): Promise<KeyManager> {
  const { mayCreate = async () => true } = options;
  if ((await readKeyFile(path)) === undefined) {
    if (!(await mayCreate())) throw new StoreError('unavailable', `${path} is gone, and keys are wrapped under it: bring it back`);
    await createKeyFile(path);
  }
  const manager = new FileKeyManager(path);
  await manager.generations();
  return manager;
}

type Keys = KeyGenerations & { readonly file: KeyFile; readonly secrets: ReadonlyMap<number, KeyObject> };

class FileKeyManager implements KeyManager {
  readonly place: string;
  #known: Keys | undefined;

  constructor(path: string) {
    this.place = path;
  }

  async generations(): Promise<KeyGenerations> {
    const { current, usable } = await this.#read();
    return { current, usable };
  }

  async wrap(key: DataKey): Promise<WrappedKey> {
    return seal(key, await this.#read());
  }

  async unwrap(of: KeyName, wrapped: WrappedKey): Promise<DataKey> {
    // What a generation is never changes, so that a file which is gone stops only what this process has not seen yet.
    const known = this.#known?.secrets.get(wrapped.keyGeneration);
    return unseal(of, wrapped, known ?? (await this.#read()).secrets.get(wrapped.keyGeneration));
  }

  async rewrap(some: readonly { readonly of: KeyName; readonly wrapped: WrappedKey }[]): Promise<readonly (WrappedKey | StoreError)[]> {
    const keys = await this.#read();
    return rewrapEach(some, async ({ of, wrapped }) => seal(unseal(of, wrapped, keys.secrets.get(wrapped.keyGeneration)), keys));
  }

  async rotate(): Promise<number> {
    const { file, usable } = await this.#read();
    const current = Math.max(...usable) + 1;
    await replaceKeyFile(this.place, { ...file, current, keys: { ...file.keys, [current]: randomSecret() } });
    return current;
  }

  async retire(generation: number): Promise<void> {
    const { file, current, secrets } = await this.#read();
    assert(generation < current, 'the current generation is in use');
    if (!secrets.has(generation)) throw unknownGeneration(generation);
    const kept = Object.entries(file.keys).filter(([one]) => Number(one) > generation);
    await replaceKeyFile(this.place, { ...file, keys: Object.fromEntries(kept) });
    await this.#read();
  }

  async #read(): Promise<Keys> {
    const file = await readKeyFile(this.place);
    if (file === undefined) throw new StoreError('unavailable', `${this.place} is gone`);
    this.#known = parseKeys(this.place, file);
    return this.#known;
  }
}

function parseKeys(path: string, file: KeyFile): Keys {
  const secrets = new Map<number, KeyObject>();
  for (const [generation, text] of Object.entries<unknown>(file.keys)) {
    if (!/^[1-9][0-9]{0,8}$/.test(generation)) throw new StoreError('corrupt', `${path}: a generation is not a whole number from 1`);
    const secret = Buffer.from(typeof text === 'string' ? text : '', 'base64');
    if (secret.length !== keyBytes) throw new StoreError('corrupt', `${path}: key ${generation} is not ${keyBytes} bytes`);
    secrets.set(Number(generation), createSecretKey(secret));
  }
  if (!secrets.has(file.current)) throw new StoreError('corrupt', `${path}: the current key ${file.current} is missing`);
  return { file, secrets, current: file.current, usable: [...secrets.keys()].sort((a, b) => a - b) };
}

function seal(key: DataKey, { current, secrets }: Keys): WrappedKey {
  const secret = secrets.get(current);
  assert(secret !== undefined, 'the file was parsed');
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  cipher.setAAD(context(key, current));
  const sealed = cipher.update(key.secret.export());
  cipher.final();
  return { keyGeneration: current, bytes: Buffer.concat([nonce, sealed, cipher.getAuthTag()]) };
}

function unseal(of: KeyName, { keyGeneration, bytes }: WrappedKey, secret: KeyObject | undefined): DataKey {
  if (secret === undefined) throw unknownGeneration(keyGeneration);
  if (bytes.length !== nonceBytes + keyBytes + tagBytes) throw new StoreError('corrupt', 'a wrapped key has the wrong length');
  const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, nonceBytes));
  decipher.setAAD(context(of, keyGeneration));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const plain = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
  try {
    decipher.final();
  } catch (error) {
    throw new StoreError('corrupt', 'a wrapped key does not unwrap', { cause: error });
  }
  return dataKeyOf(of.tenant, of.generation, plain);
}

function unknownGeneration(generation: number): StoreError {
  return new StoreError('not_found', `no key-encryption key of generation ${generation}`);
}

/** What a wrapping is bound to: another tenant's or generation's key cannot be passed off for this one. */
function context(of: KeyName, keyGeneration: number): Uint8Array {
  return Buffer.from(`driftbox data key 1 ${of.tenant} ${of.generation} ${keyGeneration}`);
}
