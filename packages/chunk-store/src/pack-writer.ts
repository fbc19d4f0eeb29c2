import { strict as assert } from 'node:assert';
import { createCipheriv } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Digest } from '@driftbox/domain';
import { isShared, sealBytes, takeShared } from '@driftbox/threads';
import { derivePackKey } from './data-key.ts';
import type { DataKey } from './data-key.ts';
import {
  encodeFooter,
  encodeHeader,
  encodeTrailer,
  footerContext,
  footerFrame,
  frameContext,
  headerBytes,
  maxFrames,
  maxGatheredBytes,
  maxPlainBytes,
  nonceOf,
  tagBytes,
} from './pack-format.ts';
import type { FrameLocation, FrameRef, StoredEncoding } from './pack-format.ts';
import { PackIdentity } from './pack-id.ts';
import type { PackId } from './pack-id.ts';
import type { PackBytes } from './pack-store.ts';

/** A chunk as it is to be stored. The caller has verified that `bytes` decode to `plainSize` bytes with that digest. */
export type StoredChunk = {
  readonly digest: Digest;
  readonly plainSize: number;
  readonly encoding: StoredEncoding;
  readonly bytes: Uint8Array;
};

/** A finished pack: the ciphertext that goes to every store and retry as it is, and where its frames lie. */
export type SealedPack = {
  readonly id: PackId;
  readonly generation: number;
  readonly bytes: PackBytes;
  readonly sizeBytes: number;
  readonly frames: readonly FrameLocation[];
};

/**
 * Encrypts chunks into one pack. It holds ciphertext only: chunks may be reused as soon as `add` has returned, those in
 * shared memory, which threads encrypt, once `sealed` has resolved.
 */
export class PackWriter {
  readonly id: PackId;
  readonly #dataKey: DataKey;
  readonly #key: KeyObject;
  readonly #pieces: Uint8Array[];
  readonly #frames: FrameRef[] = [];
  readonly #sealing: Promise<void>[] = [];
  #offset = headerBytes;
  #finished = false;

  /** Spends `identity`: one that a writer has taken before is refused. */
  constructor(key: DataKey, identity: PackIdentity = PackIdentity.random()) {
    this.id = identity.spend();
    this.#dataKey = key;
    this.#key = derivePackKey(key, this.id);
    this.#pieces = [encodeHeader(key.generation)];
  }

  /** Frames so far. */
  get frames(): number {
    return this.#frames.length;
  }

  /** Whether one more chunk of so many encoded bytes may be added; always true of an empty pack. */
  fits(encodedBytes: number): boolean {
    if (this.#frames.length === 0) return true;
    return this.#frames.length < maxFrames && this.#offset - headerBytes + encodedBytes + tagBytes <= maxGatheredBytes;
  }

  /** Encrypts a chunk as the next frame and answers its index. The caller asks `fits` before. */
  add(chunk: StoredChunk): number {
    assert(!this.#finished, 'a finished pack takes no more chunks');
    assert(this.fits(chunk.bytes.length), 'the pack is full');
    assert(chunk.plainSize >= 1 && chunk.plainSize <= maxPlainBytes, 'a chunk holds 1 byte to 8 MiB');
    assert(chunk.encoding === 'raw' ? chunk.bytes.length === chunk.plainSize : chunk.bytes.length < chunk.plainSize, 'sizes do not agree');
    const { digest, plainSize, encoding } = chunk;
    const frame = this.#frames.length;
    const ref = { frame, offset: this.#offset, length: chunk.bytes.length + tagBytes, digest, plainSize, encoding };
    const context = frameContext(this.#dataKey, this.id, ref);
    if (isShared(chunk.bytes)) this.#sealBeside(frame, context, chunk.bytes);
    else this.#seal(frame, context, chunk.bytes);
    this.#frames.push(ref);
    this.#offset += ref.length;
    return frame;
  }

  /** Resolves when threads have encrypted all that was added; rejects if one could not: then the pack is of no use. */
  async sealed(): Promise<void> {
    // All of them, so that no thread looks at a chunk any more.
    const failed = (await Promise.allSettled(this.#sealing.splice(0))).find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Seals the pack, once `sealed` has resolved. Only once, and only with a frame in it: a pack id encrypts once. */
  finish(): SealedPack {
    assert(!this.#finished, 'a pack id encrypts once');
    assert(this.#frames.length > 0, 'a pack holds at least one frame');
    assert(this.#sealing.length === 0, 'a frame is being encrypted');
    this.#finished = true;
    const footer = encodeFooter(this.#frames);
    this.#seal(footerFrame, footerContext(this.#dataKey, this.id, this.#frames.length), footer);
    const trailer = encodeTrailer(footer.length + tagBytes);
    this.#pieces.push(trailer);
    const { generation } = this.#dataKey;
    const frames = this.#frames.map((ref) => ({ ...ref, packId: this.id, generation }));
    const sizeBytes = this.#offset + footer.length + tagBytes + trailer.length;
    return { id: this.id, generation, bytes: this.#pieces, sizeBytes, frames };
  }

  /** The place of the ciphertext is kept at once, so that frames stay in their order. */
  #sealBeside(nonce: number, context: Uint8Array, bytes: Uint8Array): void {
    const into = takeShared(bytes.length + tagBytes);
    this.#pieces.push(into);
    const sealing = sealBytes(bytes, into, { key: this.#key, nonce: nonceOf(nonce), context });
    // Told by `sealed`; until then a failure must not count as unhandled.
    sealing.catch(() => undefined);
    this.#sealing.push(sealing);
  }

  #seal(nonce: number, context: Uint8Array, bytes: Uint8Array): void {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(nonce));
    cipher.setAAD(context);
    const sealed = cipher.update(bytes);
    cipher.final();
    this.#pieces.push(sealed, cipher.getAuthTag());
  }
}
