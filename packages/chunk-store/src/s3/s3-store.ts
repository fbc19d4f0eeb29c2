import { createHash } from 'node:crypto';
import { parsePackId, type PackId } from '../pack-id.ts';
import { maxListLimit, type ByteRange, type PackBytes, type PackPage, type PackStat, type PackStore } from '../pack-store.ts';
import { StoreError } from '../store-error.ts';
import type { Leftovers } from '../leftovers.ts';
import { abortUpload, listUnfinished, multipartUpload } from './multipart-upload.ts';
import { createS3Client, type S3Client, type S3Options } from './s3-client.ts';
import { s3Code } from './s3-error.ts';

/** Where in a bucket packs lie and when they are sent in parts. */
export type S3StoreOptions = S3Options & {
  /** In front of each object's name; default `packs/`. */
  readonly prefix?: string | undefined;
  /** Packs larger than this are sent in parts of this size; default 32 MiB, S3 wants 5 MiB at least. */
  readonly partBytes?: number | undefined;
};

/** A store that can be given up. */
export type S3Store = PackStore & Leftovers & { readonly close: () => void };

/** User metadata with the SHA-256 of the whole pack in hex: S3's own checksum of an object in parts is a checksum of checksums. */
export const digestHeader = 'x-amz-meta-sha256';

/**
 * Opens a store in a bucket that exists; several processes may use it at once. A pack is one object, made only if its name
 * is free (`If-None-Match`), with a SHA-256 that the server checks when it comes and `read` checks when the whole pack goes.
 * Throws `StoreError` when the bucket cannot be reached or is not there.
 */
export async function openS3Store(options: S3StoreOptions): Promise<S3Store> {
  const client = createS3Client(options);
  try {
    await client.send({ method: 'HEAD' }, `open bucket ${options.bucket}`);
  } catch (error) {
    client.close();
    if (error instanceof StoreError && error.kind === 'not_found') {
      throw new StoreError('unavailable', `there is no bucket ${options.bucket}`, { cause: error, transient: false });
    }
    throw error;
  }
  return new BucketStore(client, options);
}

/** Makes the bucket if it is not there. */
export async function createS3Bucket(options: S3Options): Promise<void> {
  const client = createS3Client(options);
  try {
    await client.send({ method: 'PUT' }, `make bucket ${options.bucket}`).catch((error: StoreError) => {
      if (s3Code(error.cause) !== 'BucketAlreadyOwnedByYou') throw error;
    });
  } finally {
    client.close();
  }
}

class BucketStore implements S3Store {
  readonly #client: S3Client;
  readonly #prefix: string;
  readonly #partBytes: number;

  constructor(client: S3Client, { prefix = 'packs/', partBytes = 32 << 20 }: S3StoreOptions) {
    this.#client = client;
    this.#prefix = prefix;
    this.#partBytes = partBytes;
  }

  close(): void {
    this.#client.close();
  }

  async write(id: PackId, bytes: PackBytes): Promise<void> {
    const hash = createHash('sha256');
    for (const piece of bytes) hash.update(piece);
    const sha256 = hash.digest();
    const sizeBytes = bytes.reduce((sum, piece) => sum + piece.length, 0);
    try {
      if (sizeBytes > this.#partBytes) await this.#writeInParts(id, bytes, sha256);
      else await this.#writeWhole(id, bytes, sizeBytes, sha256);
    } catch (error) {
      if (!(error instanceof StoreError) || s3Code(error.cause) !== 'PreconditionFailed') throw error;
      const held = await this.#head(id);
      if (held.sizeBytes === sizeBytes && held.sha256 === sha256.toString('hex')) return;
      throw new StoreError('corrupt', `pack ${id} exists with other bytes`);
    }
  }

  async read(id: PackId, range?: ByteRange): Promise<Uint8Array> {
    if (range === undefined) return this.#readWhole(id);
    if (range.length === 0) return (await this.stat(id), new Uint8Array(0));
    const headers = { range: `bytes=${range.offset}-${range.offset + range.length - 1}` };
    try {
      const { status, body } = await this.#client.send({ method: 'GET', key: this.#keyOf(id), headers }, `read pack ${id}`);
      // A server may answer with the whole object instead (RFC 9110 §14.2).
      return status === 206 ? body : body.subarray(range.offset, range.offset + range.length);
    } catch (error) {
      if (error instanceof StoreError && s3Code(error.cause) === 'InvalidRange') return new Uint8Array(0);
      throw error;
    }
  }

  async stat(id: PackId): Promise<PackStat> {
    const { sizeBytes } = await this.#head(id);
    return { id, sizeBytes };
  }

  async list({ after, limit }: { readonly after?: PackId | undefined; readonly limit: number }): Promise<PackPage> {
    for (let from = after === undefined ? '' : this.#keyOf(after); ;) {
      const { keys, more } = await this.#client.list(this.#prefix, from, limit);
      const packs = keys.flatMap(({ key, sizeBytes }): PackStat[] => {
        const id = parsePackId(key.slice(this.#prefix.length));
        return id === undefined ? [] : [{ id, sizeBytes }];
      });
      const [lastKey, lastPack] = [keys.at(-1)?.key, packs.at(-1)];
      if (!more || lastKey === undefined) return { packs };
      if (lastPack !== undefined) return { packs, next: lastPack.id };
      // A page of nothing but foreign objects: packs may follow them.
      from = lastKey;
    }
  }

  async delete(id: PackId): Promise<void> {
    await this.#client.send({ method: 'DELETE', key: this.#keyOf(id) }, `delete pack ${id}`);
  }

  async listForeign(limit: number): Promise<string[]> {
    const foreign: string[] = [];
    for (let from = ''; ;) {
      const { keys, more } = await this.#client.list(this.#prefix, from, maxListLimit);
      foreign.push(...keys.flatMap(({ key }) => (this.#isPack(key) ? [] : [key])));
      from = keys.at(-1)?.key ?? '';
      if (!more || from === '' || foreign.length >= limit) return foreign.slice(0, limit);
    }
  }

  async endUnfinished(olderThanMs: number): Promise<{ ended: number; left: number }> {
    const { uploads, nowMs } = await listUnfinished(this.#client);
    const ours = uploads.filter(({ key }) => this.#isPack(key));
    const old = ours.filter(({ begunAtMs }) => begunAtMs <= nowMs - olderThanMs);
    for (const { key, uploadId } of old) await this.#client.send(abortUpload(key, uploadId), 'end an unfinished upload');
    return { ended: old.length, left: ours.length - old.length };
  }

  async #writeWhole(id: PackId, pieces: PackBytes, sizeBytes: number, sha256: Buffer): Promise<void> {
    const headers = {
      'if-none-match': '*',
      'content-type': 'application/octet-stream',
      'x-amz-checksum-sha256': sha256.toString('base64'),
      [digestHeader]: sha256.toString('hex'),
    };
    const body = { pieces, sizeBytes, sha256Hex: sha256.toString('hex') };
    await this.#client.send({ method: 'PUT', key: this.#keyOf(id), headers, body }, `write pack ${id}`);
  }

  /** Asks first whether the name is free: the condition is only checked when all parts have been sent. */
  async #writeInParts(id: PackId, pieces: PackBytes, sha256: Buffer): Promise<void> {
    const held = await this.#head(id).catch((error: StoreError) => (error.kind === 'not_found' ? undefined : Promise.reject(error)));
    if (held !== undefined) throw new StoreError('unavailable', `pack ${id} exists`, { cause: { code: 'PreconditionFailed' } });
    const headers = { 'content-type': 'application/octet-stream', [digestHeader]: sha256.toString('hex') };
    await multipartUpload(this.#client, { key: this.#keyOf(id), pieces, partBytes: this.#partBytes, headers, doing: `write pack ${id}` });
  }

  async #readWhole(id: PackId): Promise<Uint8Array> {
    const { headers, body } = await this.#client.send({ method: 'GET', key: this.#keyOf(id) }, `read pack ${id}`);
    const found = createHash('sha256').update(body).digest('hex');
    if (found !== headers[digestHeader]) throw new StoreError('corrupt', `pack ${id} does not match its SHA-256`);
    return body;
  }

  async #head(id: PackId): Promise<{ sizeBytes: number; sha256: string | undefined }> {
    const { headers } = await this.#client.send({ method: 'HEAD', key: this.#keyOf(id) }, `stat pack ${id}`);
    const sha256 = headers[digestHeader];
    return { sizeBytes: Number(headers['content-length']), sha256: typeof sha256 === 'string' ? sha256 : undefined };
  }

  #isPack(key: string): boolean {
    return key.startsWith(this.#prefix) && parsePackId(key.slice(this.#prefix.length)) !== undefined;
  }

  #keyOf(id: PackId): string {
    return `${this.#prefix}${id}`;
  }
}
