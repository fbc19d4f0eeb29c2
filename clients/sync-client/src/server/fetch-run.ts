import { parseEntryId } from '@driftbox/domain';
import type { Digest } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { IncomingFile, LocalError, Slots, concernsContent, fetchPlain, getLargeFile, newId, sayOfContent } from '@driftbox/transfer';
import type { FileFacts } from '@driftbox/transfer';
import { reasonOf } from '../disk/outcome-of-error.ts';
import type { Arrived, Unreadable } from '../ports/disk.ts';
import type { Wanted } from '../ports/server.ts';
import { oneChunkBytes } from './chunk-lists.ts';
import type { Connection } from './connection.ts';
import { OldChunks } from './old-chunks.ts';

/** Files of one chunk or none that one request brings, and their bytes together. */
const batchFiles = 500;
const batchBytes = 16 * 2 ** 20;
/** Requests on their way at once. */
const inFlight = 3;
/** Files being written at once in one request. */
const writesAtOnce = 64;

type Hear = (wanted: Wanted, content: Arrived | Unreadable) => Promise<void>;
type Come = { readonly wanted: Wanted; readonly content: Arrived | Unreadable };
type FileBody = FileFacts & { readonly listId: Digest };

/** Fetches files into temporary space and tells of each as it is whole and on disk. */
export class FetchRun {
  readonly #at: Connection;
  readonly #hear: Hear;
  readonly #slots = new Slots(inFlight);

  constructor(at: Connection, hear: Hear) {
    this.#at = at;
    this.#hear = hear;
  }

  async run(wanted: readonly Wanted[]): Promise<void> {
    let batch: Wanted[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const files = batch;
      batch = [];
      bytes = 0;
      if (files.length > 0) void (await this.#slots.start(() => this.#small(files)));
    };
    for (const one of wanted) {
      this.#at.signal.throwIfAborted();
      const { sizeBytes } = bodyOf(one);
      if (sizeBytes > oneChunkBytes) {
        await this.#large(one);
        continue;
      }
      if (batch.length >= batchFiles || bytes + sizeBytes > batchBytes) await flush();
      batch.push(one);
      bytes += sizeBytes;
    }
    await flush();
    await this.#slots.drain();
  }

  async #small(files: readonly Wanted[]): Promise<void> {
    const waiting = Map.groupBy(files, (one) => bodyOf(one).listId);
    const old = new OldChunks(this.#at.files, files, this.#at.heldBy);
    const writes: Promise<Come>[] = [];
    const take = (digest: Digest, bytes: Uint8Array): void => {
      for (const one of waiting.get(digest) ?? []) writes.push(this.#write(one, bytes));
      waiting.delete(digest);
    };
    for (const [digest, [one]] of waiting) if (one !== undefined && bodyOf(one).sizeBytes === 0) take(digest, new Uint8Array(0));
    const fail = (digest: Digest, failed: string): void => {
      for (const wanted of waiting.get(digest) ?? []) writes.push(Promise.resolve({ wanted, content: { failed } }));
      waiting.delete(digest);
    };
    while (waiting.size > 0) {
      const { client, drive, signal } = this.#at;
      try {
        const damaged = (digest: Digest, { message }: Problem): void => fail(digest, message);
        const options = { signal, have: old.offers, readBase: (digest: Digest) => old.read(digest), damaged };
        for await (const { digest, bytes } of fetchPlain(client, drive, [...waiting.keys()], options)) {
          take(digest, bytes);
          if (writes.length >= writesAtOnce) await this.#tell(writes.splice(0));
        }
      } catch (error) {
        const missing = missingOf(error).filter((digest) => waiting.has(digest));
        for (const digest of missing) fail(digest, 'the server no longer has this content');
        // What came before it is kept.
        await this.#tell(writes.splice(0));
        if (missing.length === 0) throw error;
      }
    }
    await this.#tell(writes);
  }

  /** Tells of files together, so that what is done with them costs less; throws what concerns all once all have ended. */
  async #tell(writes: readonly Promise<Come>[]): Promise<void> {
    const ends = await Promise.allSettled(writes);
    await Promise.all(ends.map(async (end) => end.status === 'fulfilled' && this.#hear(end.value.wanted, end.value.content)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async #write(wanted: Wanted, bytes: Uint8Array): Promise<Come> {
    const body = bodyOf(wanted);
    const tag = newId(parseEntryId);
    return this.#come(wanted, async () => {
      if (bytes.length !== body.sizeBytes) throw new LocalError('is not as long as the server says');
      const target = this.#at.files.temporaryFile(tag);
      const file = new IncomingFile({ target, temporary: target });
      try {
        await file.write(bytes, 0);
        await file.finish(body);
      } catch (error) {
        await file.abandon(false);
        throw error;
      }
      this.#at.progress.fetched(bytes.length);
      return { tag };
    });
  }

  async #large(wanted: Wanted): Promise<void> {
    const { client, drive, files, lists, signal, progress } = this.#at;
    const body = bodyOf(wanted);
    const { entryId } = wanted.remote;
    const tag = newId(parseEntryId);
    const come = await this.#come(wanted, async () => {
      const heldId = this.#at.heldBy(entryId);
      const chunks = await lists.of(entryId, body, heldId);
      if (chunks === undefined) throw new LocalError('changed again on the server');
      const file = {
        listId: body.listId,
        chunks: [...chunks],
        sizeBytes: body.sizeBytes,
        executable: body.executable,
        mtime: new Date(body.mtimeMs).toISOString(),
      };
      // The same for the same content of the same entry: what a killed run left there is gone on from.
      const temporary = files.temporaryFile(`${entryId}-${body.listId.slice(0, 16)}.part`);
      const placement = { target: files.temporaryFile(tag), temporary };
      const old = wanted.old === undefined ? undefined : files.reach(wanted.old.path);
      const held = heldId === undefined ? undefined : lists.kept(heldId);
      await getLargeFile({ client, drive, file, placement, old, held, slots: this.#slots, signal, progressed: progress.fetched });
      return { tag };
    });
    await this.#hear(come.wanted, come.content);
  }

  /** What arrived, or what concerns this file alone; throws what concerns all. */
  async #come(wanted: Wanted, work: () => Promise<Arrived>): Promise<Come> {
    try {
      return { wanted, content: await work() };
    } catch (error) {
      this.#at.signal.throwIfAborted();
      return { wanted, content: { failed: ownReason(error) } };
    }
  }
}

/** Why one file could not be fetched. Throws what concerns all of them. */
function ownReason(error: unknown): string {
  if (concernsContent(error)) return sayOfContent(error);
  if (error instanceof LocalError) return error.message;
  const { syscall, path } = error as NodeJS.ErrnoException;
  // A socket has no path.
  if (syscall !== undefined && (path !== undefined || ['write', 'fsync', 'ftruncate', 'futime', 'fchmod'].includes(syscall)))
    return reasonOf(error);
  throw error;
}

function missingOf(error: unknown): readonly Digest[] {
  const digests = error instanceof Problem && error.code === 'chunk_missing' ? error.details?.['digests'] : undefined;
  return Array.isArray(digests) ? (digests as Digest[]) : [];
}

function bodyOf({ remote }: Wanted): FileBody {
  const { body } = remote;
  if (body.kind !== 'file' || body.listId === undefined) throw new TypeError('only a file is fetched');
  return { ...body, listId: body.listId };
}
