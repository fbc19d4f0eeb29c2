import { PackWriter, type StoredChunk } from '@driftbox/chunk-store';
import { digestOf, encodeForWire } from '@driftbox/chunking';
import type { Digest } from '@driftbox/domain';
import type { BackupIndex } from './backup-index.ts';
import type { Destination } from './destination.ts';

/** Writes objects that a destination lacks into new packs. After `flush` they are durable and in the index. */
export class ObjectWriter {
  readonly #destination: Destination;
  readonly #index: BackupIndex;
  #open: PackWriter | undefined;
  /** What the open pack and those being written hold. */
  readonly #pending = new Set<Digest>();
  #writing: Promise<void> = Promise.resolve();
  #written = { objects: 0, bytes: 0 };

  constructor(destination: Destination, index: BackupIndex) {
    this.#destination = destination;
    this.#index = index;
  }

  /** Objects that were not there before, and what they take. */
  get written(): { readonly objects: number; readonly bytes: number } {
    return this.#written;
  }

  /** Adds plain bytes, and answers their digest. */
  async addPlain(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    if (this.#index.has(digest) || this.#pending.has(digest)) return digest;
    const encoded = await encodeForWire(bytes);
    await this.add({ digest, plainSize: bytes.length, encoding: encoded.encoding === 'zstd' ? 'zstd' : 'raw', bytes: encoded.bytes });
    return digest;
  }

  /** Adds a chunk whose bytes the caller has verified. Waits while a full pack is being written. */
  async add(chunk: StoredChunk): Promise<void> {
    if (this.#index.has(chunk.digest) || this.#pending.has(chunk.digest)) return;
    const full = this.#open?.fits(chunk.bytes.length) === false;
    const before = full ? this.#seal() : undefined;
    this.#open ??= new PackWriter(this.#destination.key);
    this.#open.add(chunk);
    this.#pending.add(chunk.digest);
    await before;
  }

  /** Makes everything durable. */
  async flush(): Promise<void> {
    await this.#seal();
  }

  /** One pack is written at a time, so that memory holds two. */
  #seal(): Promise<void> {
    const writer = this.#open;
    this.#open = undefined;
    if (writer === undefined) return this.#writing;
    this.#writing = this.#writing.then(async () => {
      await writer.sealed();
      const sealed = writer.finish();
      await this.#destination.packs.write(sealed.id, sealed.bytes);
      for (const frame of sealed.frames) {
        this.#index.set(frame.digest, frame);
        this.#pending.delete(frame.digest);
      }
      this.#written = { objects: this.#written.objects + sealed.frames.length, bytes: this.#written.bytes + sealed.sizeBytes };
    });
    // Told again by whoever awaits; until then a failure must not count as unhandled.
    this.#writing.catch(() => undefined);
    return this.#writing;
  }
}
