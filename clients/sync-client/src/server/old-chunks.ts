import { digestOf } from '@driftbox/chunking';
import type { Digest, EntryId } from '@driftbox/domain';
import { LocalFile, readAt } from '@driftbox/transfer';
import type { Wanted } from '../ports/server.ts';
import { oneChunkBytes } from './chunk-lists.ts';
import type { Files } from './connection.ts';

/** A file shorter than this is not worth a delta: its frame alone is as long. */
const minBytes = 512;

/**
 * What this device holds of small files that are about to be replaced, offered to the server as bases of deltas. What cannot
 * be read, or is no longer what it was, is simply not offered.
 */
export class OldChunks {
  readonly #files: Files;
  /** By the digest that is wanted, what it may be told against. */
  readonly offers = new Map<Digest, readonly Digest[]>();
  readonly #paths = new Map<Digest, string>();

  /** `heldBy` tells the digest of an entry's local content, as it was when last read. */
  constructor(files: Files, wanted: readonly Wanted[], heldBy: (entryId: EntryId) => Digest | undefined) {
    this.#files = files;
    for (const { remote, old } of wanted) {
      const { body } = remote;
      if (old === undefined || old.stat.sizeBytes > oneChunkBytes || old.stat.sizeBytes < minBytes) continue;
      if (body.kind !== 'file' || body.listId === undefined || body.sizeBytes < minBytes) continue;
      const held = heldBy(remote.entryId);
      if (held === undefined || held === body.listId) continue;
      this.offers.set(body.listId, [held]);
      this.#paths.set(held, old.path);
    }
  }

  /** The bytes of an offered chunk; none when they are no longer there, upon which the chunk is asked for whole. */
  async read(digest: Digest): Promise<Uint8Array> {
    const nothing = new Uint8Array(0);
    const path = this.#paths.get(digest);
    if (path === undefined) return nothing;
    try {
      const handle = new LocalFile(this.#files.reach(path));
      try {
        const bytes = await readAt(handle, 0, oneChunkBytes);
        return digestOf(bytes) === digest ? bytes : nothing;
      } finally {
        await handle.close();
      }
    } catch {
      return nothing;
    }
  }
}
