import type { Client } from '@driftbox/api-client';
import type { ChunkRef, Digest, EntryId } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import { readChunkList } from '@driftbox/transfer';

/** Lists kept, oldest out first: each has at most 64 chunks. */
const maxKept = 4096;
/** A file of at most this many bytes is one chunk, whose digest is the id of its list. */
export const oneChunkBytes: number = 2 ** 20;

/** A file's content as its list names it. */
export type ListedContent = { readonly listId: Digest; readonly sizeBytes: number };

/** The chunk lists of files on the server: those that went by with the journal, and others by asking. */
export class ChunkLists {
  readonly #client: Client;
  readonly #drive: Drive;
  readonly #kept = new Map<Digest, readonly ChunkRef[]>();

  constructor(client: Client, drive: Drive) {
    this.#client = client;
    this.#drive = drive;
  }

  /** Remembers the list that an entry tells. */
  keep(entry: Entry): void {
    if (entry.kind !== 'file' || entry.chunks === undefined || entry.sizeBytes <= oneChunkBytes) return;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= maxKept && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(entry.listId, entry.chunks);
  }

  /** The chunks of an entry's content; `undefined` when the server has it no longer. Throws what the server says. */
  async of(entryId: EntryId, { listId, sizeBytes }: ListedContent): Promise<readonly ChunkRef[] | undefined> {
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
    return readChunkList(this.#client, this.#drive, entry);
  }
}
