import type { Client } from '@driftbox/api-client';
import { digestOf, encodeForWire } from '@driftbox/chunking';
import type { Base } from '@driftbox/chunking';
import type { Digest, UploadId } from '@driftbox/domain';
import { Problem, encodeFrame, maxCommitOperations, routes } from '@driftbox/protocol';
import type { Drive, FrameKind, WireOutcome } from '@driftbox/protocol';
import type { SentOperation } from '../commit-one.ts';
import { Slots } from './slots.ts';

/** Encoded bytes after which a request is sent. */
const batchBytes = 16 * 2 ** 20;
/** Requests on their way at once. With the batch being filled this bounds memory to four batches. */
const inFlight = 3;
/** A commit shorter than this, without chunks, goes as JSON. */
const plainCommitBytes = 16 * 2 ** 10;

type Pending = { readonly operation: SentOperation; readonly settle: (outcome: WireOutcome) => void };

/** One request being filled. `done` is set when it is on its way. */
export type Batch = {
  readonly pieces: Uint8Array[];
  bytes: number;
  readonly operations: Pending[];
  /** Batches that must have been answered before this one is sent. */
  readonly after: Set<Batch>;
  done: Promise<void> | undefined;
};

export type SenderOptions = {
  readonly client: Client;
  readonly drive: Drive;
  /** The upload that chunks belong to; asked for only when one request will not do. */
  readonly uploadId: () => Promise<UploadId>;
  /** Called with the bytes of each request that was answered. */
  readonly sent?: (wireBytes: number) => void;
};

/**
 * Gathers chunks, list blocks and operations into as few requests as their bounds allow, several on their way at once. An
 * operation is sent in the same request as its last bytes or a later one, and never before the requests with its other bytes
 * are answered. A digest is sent once.
 */
export class BatchSender {
  readonly #options: SenderOptions;
  readonly #slots = new Slots(inFlight);
  readonly #carriers = new Map<Digest, Batch>();
  #batch: Batch = emptyBatch();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** The request that carries this digest, if one of this run does. */
  carrierOf(digest: Digest): Batch | undefined {
    return this.#carriers.get(digest);
  }

  /** Puts bytes in the request being filled, unless the run sends them already. Answers the request that carries them. */
  async addBytes(kind: Exclude<FrameKind, 'commit'>, digest: Digest, bytes: Uint8Array, bases: readonly Base[] = []): Promise<Batch> {
    const carrier = this.#carriers.get(digest);
    if (carrier !== undefined) return carrier;
    const encoded = await encodeForWire(bytes, bases);
    await this.#makeRoom(encoded.bytes.length);
    const batch = this.#batch;
    const frame = { kind, digest, plainSize: bytes.length, encoding: encoded.encoding, bases: encoded.bases, payload: encoded.bytes };
    batch.pieces.push(...encodeFrame(frame));
    batch.bytes += encoded.bytes.length;
    this.#carriers.set(digest, batch);
    return batch;
  }

  /** Adds an operation that needs the bytes, or the folders, that `needs` carry. `settle` hears what became of it. */
  async addOperation(operation: SentOperation, needs: Iterable<Batch>, settle: (outcome: WireOutcome) => void): Promise<Batch> {
    if (this.#batch.operations.length >= maxCommitOperations) await this.flush();
    const batch = this.#batch;
    batch.operations.push({ operation, settle });
    for (const need of needs) if (need !== batch) batch.after.add(need);
    return batch;
  }

  /** Sends what is gathered, once there is a place; does not wait for the answer. */
  async flush(): Promise<void> {
    const batch = this.#batch;
    if (batch.pieces.length === 0 && batch.operations.length === 0) return;
    this.#batch = emptyBatch();
    // Folders and links need no upload; bytes that are spread over requests do.
    await this.#dispatch(batch, this.#carriers.size === 0 ? undefined : await this.#options.uploadId());
  }

  /** Sends the rest and waits for every answer. If all bytes are in one request, no upload is opened for them. */
  async finish(uploadOpen: () => boolean): Promise<void> {
    const batch = this.#batch;
    if (batch.pieces.length > 0 || batch.operations.length > 0) {
      this.#batch = emptyBatch();
      const whole = [...this.#carriers.values()].every((carrier) => carrier === batch) && !uploadOpen() && batch.operations.length > 0;
      await this.#dispatch(batch, whole ? undefined : await this.#options.uploadId());
    }
    await this.#slots.drain();
  }

  async #makeRoom(bytes: number): Promise<void> {
    if (this.#batch.bytes > 0 && this.#batch.bytes + bytes > batchBytes) await this.flush();
  }

  async #dispatch(batch: Batch, uploadId: UploadId | undefined): Promise<void> {
    const after = [...batch.after];
    const [done] = await this.#slots.start(async () => {
      await Promise.all(after.map((one) => one.done));
      await this.#send(batch, uploadId);
      // Answered: let go of the bytes, keep the batch as a mark of what was sent.
      batch.pieces.length = 0;
      batch.after.clear();
    });
    batch.done = done;
  }

  async #send(batch: Batch, uploadId: UploadId | undefined): Promise<void> {
    const { client, drive, sent } = this.#options;
    const params = { drive: drive.drive };
    if (batch.operations.length === 0) {
      if (uploadId === undefined) throw new TypeError('chunks without operations belong to an upload');
      await client.stream(routes.putChunks, { params, query: { uploadId }, body: batch.pieces }).then((answer) => answer.json());
      return sent?.(batch.bytes);
    }
    const operations = batch.operations.map((one) => one.operation);
    const body = { driveEpoch: drive.driveEpoch, operations, ...(uploadId === undefined ? {} : { uploadId }) };
    const json = Buffer.from(JSON.stringify(body));
    let told: unknown;
    if (batch.pieces.length === 0 && json.length < plainCommitBytes) told = await client.call(routes.postCommit, { params, body });
    else {
      const encoded = await encodeForWire(json);
      const frame = { kind: 'commit' as const, digest: digestOf(json), plainSize: json.length, encoding: encoded.encoding, bases: [], payload: encoded.bytes };
      batch.pieces.push(...encodeFrame(frame));
      const answer = await client.stream(routes.postCommit, { params, body: batch.pieces });
      told = await answer.json();
    }
    const { outcomes } = routes.postCommit.answer.parse(told);
    if (outcomes.length !== batch.operations.length) throw new Problem('internal', 'The server told the outcome of other operations');
    for (const [index, { settle }] of batch.operations.entries()) settle(outcomes[index]!);
    sent?.(batch.bytes + json.length);
  }
}

function emptyBatch(): Batch {
  return { pieces: [], bytes: 0, operations: [], after: new Set(), done: undefined };
}
