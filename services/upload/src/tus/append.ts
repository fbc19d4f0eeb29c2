import type { ChunkRef } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Context } from '../context.ts';
import type { AtWork } from '../possession.ts';
import { receiveFile } from '../receive-file.ts';
import { advanceIncomingFile, readIncomingChunks, readIncomingFile, type IncomingFile } from '../store/incoming-files.ts';
import type { UploadKey } from '../store/open-upload.ts';
import { checkedBody } from './checked-body.ts';
import { reserve } from './create-file.ts';
import { saveIncomingFile } from './save-incoming-file.ts';
import type { Checksum } from './tus-request.ts';

/** How far a file is. */
export type Progress = { readonly offsetBytes: number; readonly expiresAt: Date };

/** The next bytes of a file. */
export type Appending = {
  readonly offsetBytes: number;
  /** The body's length, where it was told. */
  readonly lengthBytes: number | undefined;
  readonly checksum: Checksum | undefined;
  readonly body: AsyncIterable<Uint8Array>;
};

/** Durable bytes that are noted together: as much is sent again after a crash at most, besides the chunk on its way. */
const notedBytes = 16 * 2 ** 20;

/** The file of an upload. Throws `not_found`: there is none of this user and drive, or it expired. */
export async function requireFile(context: Context, key: UploadKey): Promise<IncomingFile> {
  const file = await readIncomingFile(context.database, key);
  if (file === undefined) throw new Problem('not_found', 'There is no such upload');
  return file;
}

/**
 * Takes the next bytes of a file, and saves it with the last of them: only then has all of it come, as far as anybody is told.
 * What is cut short counts as far as its chunks are durable, but with a checksum all of it or nothing. Throws `offset_mismatch`,
 * also where two send at once, `too_large`, `checksum_mismatch`, and what saving is refused with.
 */
export async function append(
  context: Context,
  work: AtWork & { readonly signal: AbortSignal },
  key: UploadKey,
  sent: Appending,
): Promise<Progress> {
  const file = await requireFile(context, key);
  if (sent.offsetBytes !== file.offsetBytes) throw mismatch(file.offsetBytes);
  const leftBytes = file.sizeBytes - file.offsetBytes;
  if ((sent.lengthBytes ?? 0) > leftBytes) throw new Problem('too_large', 'This is more than Upload-Length says');
  if (file.saved) return file;
  await reserve(context, work, key.uploadId, file.sizeBytes);
  const noted = new NotedChunks(context, key, file);
  const body = checkedBody(sent.body, leftBytes, sent.checksum);
  const isWhole = sent.checksum !== undefined;
  let isVerified = false;
  try {
    const { proven } = await receiveFile(context, work, body, sent.lengthBytes, (chunk) => noted.add(chunk, isWhole));
    isVerified = true;
    if (noted.heldToBytes < file.sizeBytes) return await noted.note();
    const chunks = [...(await readIncomingChunks(context.database, key)), ...noted.held];
    await saveIncomingFile(context, work, key, file, { chunks, proven });
    return { offsetBytes: file.sizeBytes, expiresAt: noted.expiresAt };
  } catch (error) {
    if (isVerified || !isWhole) await noted.note();
    throw error;
  }
}

/** Chunks that are durable, in order, noted some at a time; the last of a file are held back until it is saved. */
class NotedChunks {
  readonly #context: Context;
  readonly #key: UploadKey;
  readonly #sizeBytes: number;
  #notedToBytes: number;
  heldToBytes: number;
  held: ChunkRef[] = [];
  expiresAt: Date;

  constructor(context: Context, key: UploadKey, { sizeBytes, offsetBytes, expiresAt }: IncomingFile) {
    this.#context = context;
    this.#key = key;
    this.#sizeBytes = sizeBytes;
    this.#notedToBytes = offsetBytes;
    this.heldToBytes = offsetBytes;
    this.expiresAt = expiresAt;
  }

  async add(chunk: ChunkRef, untilEnd: boolean): Promise<void> {
    this.held.push(chunk);
    this.heldToBytes += chunk.sizeBytes;
    const isDue = this.heldToBytes - this.#notedToBytes >= notedBytes && this.heldToBytes < this.#sizeBytes;
    if (isDue && !untilEnd) await this.note();
  }

  async note(): Promise<Progress> {
    const { database, settings } = this.#context;
    if (this.heldToBytes === this.#sizeBytes) this.#dropLast();
    if (this.held.length > 0) {
      const expiresAt = await advanceIncomingFile(database, this.#key, this.#notedToBytes, this.held, settings.uploadTtlSeconds);
      if (expiresAt === undefined) throw mismatch(undefined);
      this.expiresAt = expiresAt;
      this.#notedToBytes = this.heldToBytes;
      this.held = [];
    }
    return { offsetBytes: this.#notedToBytes, expiresAt: this.expiresAt };
  }

  #dropLast(): void {
    this.heldToBytes -= this.held.pop()?.sizeBytes ?? 0;
  }
}

function mismatch(offsetBytes: number | undefined): Problem {
  const detail = offsetBytes === undefined ? 'Somebody else sends to this upload' : `The upload is at ${offsetBytes}`;
  return new Problem('offset_mismatch', detail, { details: { offsetBytes } });
}
