import type { Client } from '@driftbox/api-client';
import type { ChunkRef, Digest, EntryId } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import { readChunkList } from '@driftbox/transfer';

/** Chunks of all lists kept, oldest list out first: some 20 MB at most. */
const maxKept = 131_072;
/** A file of at most this many bytes is one chunk, whose digest is the id of its list. */
export const oneChunkBytes: number = 2 ** 20;

/** A file's content as its list names it. */
export type ListedContent = { readonly listId: Digest; readonly sizeBytes: number };

/** The chunk lists of files on the server: those that went by with the journal, and others by asking. */
export class ChunkLists {
  readonly #client: Client;
  readonly #drive: Drive;
  readonly #kept = new Map<Digest, readonly ChunkRef[]>();
  #keptChunks = 0;

  constructor(client: Client, drive: Drive) {
    this.#client = client;
    this.#drive = drive;
  }

  /** Remembers the list that an entry tells. */
  keep(entry: Entry): void {
    if (entry.kind !== 'file' || entry.chunks === undefined || entry.sizeBytes <= oneChunkBytes) return;
    this.keepChunks(entry.listId, entry.chunks);
  }

  /** Remembers the list of a content that was read here or told by the server. */
  keepChunks(listId: Digest, chunks: readonly ChunkRef[]): void {
    this.#drop(listId);
    if (chunks.length > maxKept) return;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptChunks + chunks.length <= maxKept) break;
      this.#drop(oldest);
    }
    this.#kept.set(listId, chunks);
    this.#keptChunks += chunks.length;
  }

  /** The chunks of a content, if they are remembered. */
  kept(listId: Digest): readonly ChunkRef[] | undefined {
    return this.#kept.get(listId);
  }

  /**
   * The chunks of an entry's content; `undefined` when the server has it no longer. Of a long list only what `old`, the list of
   * another content, does not have is read, where that is remembered. Throws what the server says.
   */
  async of(entryId: EntryId, { listId, sizeBytes }: ListedContent, old?: Digest): Promise<readonly ChunkRef[] | undefined> {
    if (sizeBytes === 0) return [];
    if (sizeBytes <= oneChunkBytes) return [{ digest: listId, sizeBytes }];
    const kept = this.#kept.get(listId);
    if (kept !== undefined) return kept;
    const entry = await this.#client
      .call(routes.getEntry, { params: { drive: this.#drive.drive, entry: entryId } })
      .catch((error: unknown) => {
        if (error instanceof Problem && error.code === 'not_found') return undefined;
        throw error;
      });
    if (entry?.kind !== 'file' || entry.listId !== listId) return undefined;
    this.keep(entry);
    const chunks = await readChunkList(this.#client, this.#drive, entry, old === undefined ? undefined : this.#kept.get(old));
    this.keepChunks(listId, chunks);
    return chunks;
  }

  #drop(listId: Digest): void {
    this.#keptChunks -= this.#kept.get(listId)?.length ?? 0;
    this.#kept.delete(listId);
  }
}
