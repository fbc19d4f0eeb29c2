import type { Client } from '@driftbox/api-client';
import type { Digest, UploadId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Drive } from '@driftbox/protocol';
import { giveShared } from '@driftbox/threads';

/** A chunk and where its file has it; `bytes` while they are still at hand. */
export type PlacedChunk = { readonly digest: Digest; readonly offset: number; readonly sizeBytes: number; readonly bytes?: Uint8Array };

/** Chunks asked about together at first; doubled each time the server turned out to have them all. */
const firstWindow = 2;
const maxWindow = 1024;
/** From this window on, a server that has had everything so far is asked nothing until the whole list is known. */
const trustedWindow = 8;
/** Bytes of asked-about chunks kept in memory; of further ones only the place is kept, and they are read again if need be. */
const heldBytes = 8 * 2 ** 20;
/** After an answer that lacked everything, so many windows go unasked: 1, 2, 4, and never more than this. */
const maxUnasked = 8;

/**
 * Decides chunk by chunk of one file what to send. Both answers list chunks to send, in order; the bytes of others are given
 * back. `rest` takes the id of the file's whole list, and says whether the server has that already: then nothing is to be sent,
 * not even the list.
 */
export type Wanted = {
  offer(chunk: PlacedChunk): Promise<PlacedChunk[]>;
  rest(listId: () => Digest): Promise<{ readonly chunks: PlacedChunk[]; readonly hasList: boolean }>;
};

/** What one run sends, and to where. */
export type AskerOptions = {
  readonly client: Client;
  readonly drive: Drive;
  readonly uploadId: () => Promise<UploadId>;
  /** What the whole run may bring, to be reserved. */
  readonly sizeBytes: number;
  /** True when an earlier run may have brought chunks: then every window is asked about. */
  readonly resumed: boolean;
};

/**
 * Asks the server which chunks it lacks, only as often as the answers pay: windows grow while it has everything, soon so far
 * that one question for the whole list takes the place of those for its chunks, and are skipped, ever more of them, while it
 * has nothing. A chunk that was sent though the server had it costs bytes, nothing else.
 */
export type Asker = { begin(askNothing: boolean): Wanted };

/** An asker for all files of one run. What the server says no to, the questions throw. */
export function createAsker(options: AskerOptions): Asker {
  const ask = async (asked: readonly Digest[]): Promise<Set<Digest>> => {
    const digests = [...new Set(asked)];
    const body = { uploadId: await options.uploadId(), sizeBytes: options.sizeBytes, digests };
    const { missing } = await options.client.call(routes.askMissing, { params: { drive: options.drive.drive }, body });
    return new Set(missing);
  };

  const begin = (askNothing: boolean): Wanted => {
    let window: PlacedChunk[] = [];
    let held = 0;
    let size = firstWindow;
    let unasked = 0;
    let skip = 0;
    let trusted = !options.resumed && !askNothing;
    const deferred: PlacedChunk[] = [];
    const close = async (): Promise<PlacedChunk[]> => {
      const chunks = window;
      window = [];
      held = 0;
      if (chunks.length === 0) return [];
      if (askNothing || skip > 0) {
        skip -= 1;
        return chunks;
      }
      const missing = await ask(chunks.map((chunk) => chunk.digest));
      const lacked = chunks.filter((chunk) => missing.has(chunk.digest));
      for (const { digest, bytes } of chunks) if (bytes !== undefined && !missing.has(digest)) giveShared(bytes);
      trusted &&= lacked.length === 0;
      size = lacked.length === 0 ? Math.min(2 * size, maxWindow) : firstWindow;
      unasked = lacked.length < chunks.length || options.resumed ? 0 : Math.min(Math.max(1, 2 * unasked), maxUnasked);
      skip = unasked;
      return lacked;
    };
    const rest = async (listId: () => Digest): Promise<{ readonly chunks: PlacedChunk[]; readonly hasList: boolean }> => {
      if (deferred.length === 0) return { chunks: await close(), hasList: false };
      if ((await ask([listId()])).size === 0) return { chunks: [], hasList: true };
      trusted = false;
      const chunks: PlacedChunk[] = [];
      for (const chunk of deferred.splice(0)) chunks.push(...(await offer(chunk)));
      return { chunks: [...chunks, ...(await close())], hasList: false };
    };
    const offer = async (chunk: PlacedChunk): Promise<PlacedChunk[]> => {
      if (trusted && size >= trustedWindow) {
        if (chunk.bytes !== undefined) giveShared(chunk.bytes);
        deferred.push({ digest: chunk.digest, offset: chunk.offset, sizeBytes: chunk.sizeBytes });
        return [];
      }
      const bytes = chunk.bytes?.length ?? 0;
      const keep = held + bytes <= heldBytes;
      if (keep) held += bytes;
      else if (chunk.bytes !== undefined) giveShared(chunk.bytes);
      window.push(keep ? chunk : { digest: chunk.digest, offset: chunk.offset, sizeBytes: chunk.sizeBytes });
      return window.length >= size ? close() : [];
    };
    return { offer, rest };
  };
  return { begin };
}
