import type { Client } from '@driftbox/api-client';
import { digestOf, encodeForWire } from '@driftbox/chunking';
import type { Base } from '@driftbox/chunking';
import type { Digest, UploadId } from '@driftbox/domain';
import { Problem, encodeFrame, maxCommitOperations, routes } from '@driftbox/protocol';
import type { Drive, Frame, WireOutcome } from '@driftbox/protocol';
import { giveShared } from '@driftbox/threads';
import { Batch } from './batch.ts';
import type { Pending } from './batch.ts';
import type { SentOperation } from './sent-operation.ts';
import { Slots } from './slots.ts';

/** Encoded bytes after which a commit is sent. */
const batchBytes = 8 * 2 ** 20;
/** The same for a request of bytes sent ahead: these are large chunks, each of which is worth a request. */
const aheadBytes = 4 * 2 ** 20;
/** Requests on their way at once. With the two being filled this bounds memory to five batches. */
const inFlight = 3;
/** A commit shorter than this, without chunks, goes as JSON. */
const plainCommitBytes = 16 * 2 ** 10;

/**
 * Plain bytes to send: a chunk, or a block of a chunk list; `bases` are what a delta may be told against. From here on they
 * are the sender's, which gives them back once nobody needs them.
 */
export type Outgoing = {
  readonly kind: 'chunk' | 'list';
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  readonly bases?: readonly Base[];
};

/** Where batches go, and who hears of them. */
export type SenderOptions = {
  readonly client: Client;
  readonly drive: Drive;
  /** The upload that bytes sent ahead of their operation belong to, and whether it was asked for already. */
  readonly uploadId: () => Promise<UploadId>;
  readonly uploadOpen: () => boolean;
  /** Called right before the request that commits these operations; by throwing it keeps them from being sent. */
  readonly sending?: (operations: readonly SentOperation[]) => void;
  /** Called with the bytes of each request that was answered. */
  readonly sent: (wireBytes: number) => void;
};

/**
 * Gathers bytes and operations into as few requests as their bounds allow, several on their way at once. Two are being
 * filled: one of bytes sent ahead (`upload`), one that commits. Bytes in a commit prove themselves to that commit alone, so
 * they travel with their own operation. A digest is sent once, and whoever names it later waits for that request.
 */
export class BatchSender {
  readonly #options: SenderOptions;
  readonly #slots = new Slots(inFlight);
  readonly #carriers = new Map<Digest, Batch>();
  #upload = new Batch();
  #commit = new Batch();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** The request that carries this digest, if one of this run does. */
  carrierOf(digest: Digest): Batch | undefined {
    return this.#carriers.get(digest);
  }

  /** Sends bytes ahead of the operation that names them. Answers the request that carries them. */
  async upload(outgoing: Outgoing): Promise<Batch> {
    const carrier = this.#carriers.get(outgoing.digest);
    if (carrier !== undefined) {
      giveShared(outgoing.bytes);
      return carrier;
    }
    const frame = await frameOf(outgoing);
    if (!this.#upload.hasRoom(frame.payload.length, aheadBytes)) await this.#flushUpload();
    this.#upload.add(encodeFrame(frame));
    this.#carriers.set(outgoing.digest, this.#upload);
    return this.#upload;
  }

  /** Adds an operation with its own bytes; it waits for `needs`. `settle` hears what became of it. Answers its request. */
  async commit(
    operation: SentOperation,
    own: readonly Outgoing[],
    needs: Iterable<Batch>,
    settle: (outcome: WireOutcome) => void,
  ): Promise<Batch> {
    const after = new Set(needs);
    const frames: Frame[] = [];
    for (const outgoing of own) {
      const carrier = this.#carriers.get(outgoing.digest);
      if (carrier === undefined) frames.push(await frameOf(outgoing));
      else {
        after.add(carrier);
        giveShared(outgoing.bytes);
      }
    }
    const bytes = frames.reduce((sum, frame) => sum + frame.payload.length, 0);
    if (!this.#commit.hasRoom(bytes, batchBytes) || this.#commit.operations.length >= maxCommitOperations) await this.flush();
    const batch = this.#commit;
    for (const frame of frames) {
      batch.add(encodeFrame(frame));
      this.#carriers.set(frame.digest, batch);
    }
    batch.operations.push({ operation, settle });
    for (const need of after) if (need !== batch) batch.after.add(need);
    return batch;
  }

  /** Sends operations without bytes in a request of their own, of which all are written or none; it waits for `needs`. */
  async commitTogether(operations: readonly Pending[], needs: Iterable<Batch>): Promise<Batch> {
    await this.flush();
    const batch = this.#commit;
    batch.isAtomic = true;
    batch.operations.push(...operations);
    for (const need of needs) batch.after.add(need);
    await this.flush();
    return batch;
  }

  /** Sends what is gathered, once there is a place; does not wait for the answers. */
  async flush(): Promise<void> {
    const batch = this.#commit;
    if (batch.operations.length === 0) return;
    if (batch.after.has(this.#upload)) await this.#flushUpload();
    this.#commit = new Batch();
    await this.#dispatch(batch);
  }

  /** Sends the rest and waits for every answer. Throws the first failure. */
  async finish(): Promise<void> {
    await this.flush();
    await this.#flushUpload();
    await this.#slots.drain();
  }

  async #flushUpload(): Promise<void> {
    const batch = this.#upload;
    if (batch.pieces.length === 0) return;
    this.#upload = new Batch();
    await this.#dispatch(batch);
  }

  async #dispatch(batch: Batch): Promise<void> {
    const after = [...batch.after];
    const uploadId = batch.operations.length === 0 || this.#options.uploadOpen() ? await this.#options.uploadId() : undefined;
    const [done] = await this.#slots.start(async () => {
      await Promise.all(after.map(async (one) => one.done));
      await this.#send(batch, uploadId);
      // Answered: let go of the bytes, keep the batch as a mark of what was sent.
      batch.pieces.splice(0).forEach(giveShared);
      batch.after.clear();
    });
    batch.done = done;
  }

  async #send(batch: Batch, uploadId: UploadId | undefined): Promise<void> {
    const { client, drive, sent } = this.#options;
    const params = { drive: drive.drive };
    if (batch.operations.length === 0 && uploadId !== undefined) {
      const answer = await client.stream(routes.putChunks, { params, query: { uploadId }, body: batch.pieces });
      await answer.json();
      return sent(batch.bytes);
    }
    const operations = batch.operations.map((one) => one.operation);
    this.#options.sending?.(operations);
    const { isAtomic: atomic } = batch;
    const body = { driveEpoch: drive.driveEpoch, operations, atomic, ...(uploadId === undefined ? {} : { uploadId }) };
    const json = Buffer.from(JSON.stringify(body));
    const told =
      batch.pieces.length === 0 && json.length < plainCommitBytes
        ? await client.call(routes.postCommit, { params, body })
        : await this.#sendFrames(batch, json);
    const { outcomes } = routes.postCommit.answer.parse(told);
    for (const [index, { settle }] of batch.operations.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Problem('internal', 'The server told the outcome of other operations');
      settle(outcome);
    }
    sent(batch.bytes + json.length);
  }

  async #sendFrames(batch: Batch, json: Uint8Array): Promise<unknown> {
    const { encoding, bytes } = await encodeForWire(json);
    const frame: Frame = { kind: 'commit', digest: digestOf(json), plainSize: json.length, encoding, bases: [], payload: bytes };
    const body = [...batch.pieces, ...encodeFrame(frame)];
    const answer = await this.#options.client.stream(routes.postCommit, { params: { drive: this.#options.drive.drive }, body });
    return answer.json();
  }
}

async function frameOf({ kind, digest, bytes, bases }: Outgoing): Promise<Frame> {
  const encoded = await encodeForWire(bytes, bases);
  if (encoded.encoding !== 'raw') giveShared(bytes);
  // A small file's bases are views of the file itself.
  for (const base of bases ?? []) if (base.bytes.buffer !== bytes.buffer) giveShared(base.bytes);
  return { kind, digest, plainSize: bytes.length, encoding: encoded.encoding, bases: encoded.bases, payload: encoded.bytes };
}
