import { strict as assert } from 'node:assert';
import { dataKeyOf, keyBytes, type DataKey } from '../data-key.ts';
import { StoreError } from '../store-error.ts';
import type { KeyGenerations, KeyManager, KeyName, WrappedKey } from './key-manager.ts';
import { rewrapEach } from './rewrap-each.ts';
import { TransitClient, transitError, transitFaults, type TransitSettings } from './transit-client.ts';

type BatchResult = { readonly ciphertext?: unknown; readonly error?: unknown };

/**
 * Key-encryption keys that never leave a Vault or OpenBao: its transit engine wraps and unwraps, each data key under a key
 * derived for its tenant and generation. Reaches nothing by itself, so that a process starts without it. Throws on bad settings.
 */
export function createTransitKeyManager(settings: TransitSettings): KeyManager {
  const [fault] = transitFaults(settings);
  if (fault !== undefined) throw new Error(fault);
  return new TransitKeyManager(settings);
}

class TransitKeyManager implements KeyManager {
  readonly place: string;
  readonly #client: TransitClient;
  readonly #key: string;

  constructor(settings: TransitSettings) {
    this.place = `${settings.url.replace(/\/$/, '')}/v1/${settings.mount}/keys/${settings.key}`;
    this.#client = new TransitClient(settings);
    this.#key = settings.key;
  }

  async generations(): Promise<KeyGenerations> {
    const path = `keys/${this.#key}`;
    const { latest_version: current, keys, derived } = await this.#client.call({ method: 'GET', path });
    if (!Number.isInteger(current) || typeof keys !== 'object' || keys === null) throw oddAnswer(path);
    // Without derivation the server ignores what a wrapping is to be bound to.
    if (derived !== true) throw new StoreError('unavailable', `${this.place} was not made with derived=true`, { transient: false });
    const usable = Object.keys(keys).map(Number);
    return { current: current as number, usable: usable.sort((a, b) => a - b) };
  }

  async wrap(key: DataKey): Promise<WrappedKey> {
    // A token with more rights than it needs would make a key that is gone anew.
    await this.generations();
    const plaintext = key.secret.export().toString('base64');
    return wrappedOf(await this.#post('encrypt', { plaintext, context: contextOf(key) }));
  }

  async unwrap(of: KeyName, wrapped: WrappedKey): Promise<DataKey> {
    const { plaintext } = await this.#post('decrypt', { ciphertext: ciphertextOf(wrapped), context: contextOf(of) });
    if (typeof plaintext !== 'string') throw oddAnswer('decrypt');
    const secret = Buffer.from(plaintext, 'base64');
    if (secret.length !== keyBytes) throw new StoreError('corrupt', 'what was wrapped is no data key');
    return dataKeyOf(of.tenant, of.generation, secret);
  }

  async rewrap(some: readonly { readonly of: KeyName; readonly wrapped: WrappedKey }[]): Promise<readonly (WrappedKey | StoreError)[]> {
    if (some.length === 0) return [];
    const wrongs = await rewrapEach(some, async ({ wrapped }) => (ciphertextOf(wrapped), wrapped));
    const good = some.filter((_, index) => !(wrongs[index] instanceof StoreError));
    const results = await this.#rewrapBatch(good);
    return wrongs.map((wrong) => (wrong instanceof StoreError ? wrong : (results.shift() ?? oddAnswer('rewrap'))));
  }

  async rotate(): Promise<number> {
    await this.#client.call({ method: 'POST', path: `keys/${this.#key}/rotate` });
    return (await this.generations()).current;
  }

  async retire(generation: number): Promise<void> {
    const { current, usable } = await this.generations();
    assert(generation < current, 'the current generation is in use');
    if (!usable.includes(generation)) throw new StoreError('not_found', `no key-encryption key of generation ${generation}`);
    const least = generation + 1;
    // The first call only forbids; the second destroys.
    await this.#post(`keys/${this.#key}/config`, { min_decryption_version: least, min_encryption_version: least });
    await this.#post(`keys/${this.#key}/trim`, { min_available_version: least });
  }

  async #rewrapBatch(some: readonly { readonly of: KeyName; readonly wrapped: WrappedKey }[]): Promise<(WrappedKey | StoreError)[]> {
    if (some.length === 0) return [];
    const batch = some.map(({ of, wrapped }) => ({ ciphertext: ciphertextOf(wrapped), context: contextOf(of) }));
    const { batch_results: results } = await this.#post('rewrap', { batch_input: batch });
    if (!Array.isArray(results) || results.length !== some.length) throw oddAnswer('rewrap');
    return rewrapEach(some, async (_, index) => {
      const { error, ciphertext } = Object(results[index]) as BatchResult;
      if (typeof error === 'string' && error !== '') throw transitError('rewrap', error);
      return wrappedOf({ ciphertext });
    });
  }

  /** An operation of the key by its name, or a path below the mount. */
  #post(operation: string, body: object): Promise<Record<string, unknown>> {
    const path = operation.includes('/') ? operation : `${operation}/${this.#key}`;
    return this.#client.call({ method: 'POST', path, body });
  }
}

/** What a wrapping is bound to: the server derives a key from it. */
function contextOf({ tenant, generation }: KeyName): string {
  return Buffer.from(`driftbox data key 1 ${tenant} ${generation}`).toString('base64');
}

/** `vault:v3:…`, as the server gave it; it names the generation, which must be the one that is kept beside it. */
function ciphertextOf({ keyGeneration, bytes }: WrappedKey): string {
  const text = Buffer.from(bytes).toString('latin1');
  if (generationOf(text) !== keyGeneration) throw new StoreError('corrupt', 'a wrapped key is not of its generation');
  return text;
}

function wrappedOf({ ciphertext }: { readonly ciphertext?: unknown }): WrappedKey {
  const keyGeneration = typeof ciphertext === 'string' ? generationOf(ciphertext) : undefined;
  if (keyGeneration === undefined) throw oddAnswer('a wrapping');
  return { keyGeneration, bytes: Buffer.from(ciphertext as string) };
}

function generationOf(ciphertext: string): number | undefined {
  const found = /^vault:v([1-9][0-9]{0,8}):[A-Za-z0-9+/]+={0,2}$/.exec(ciphertext)?.[1];
  return found === undefined ? undefined : Number(found);
}

function oddAnswer(what: string): StoreError {
  return new StoreError('unavailable', `${what}: what answers is no transit engine`, { transient: false });
}
