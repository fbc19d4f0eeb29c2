import type { Client } from '@driftbox/api-client';
import type { Digest, EntryId } from '@driftbox/domain';
import type { Drive } from '@driftbox/protocol';
import type { RemoteEntry } from '@driftbox/sync-core';
import type { LocalPath } from '../ports/disk.ts';
import type { StatTraits } from '../disk/stat-of.ts';
import type { ChunkLists } from './chunk-lists.ts';

/** The files of the synced folder as transfers need them. */
export type Files = {
  /** Where a path lies, after it was made sure that no link is on the way. Throws where one is. */
  readonly reach: (path: LocalPath) => string;
  /** Where content of that tag gathers before it is placed. */
  readonly temporaryFile: (tag: string) => string;
  readonly traits: StatTraits;
};

/** What is told of transfers while they run, in plain bytes. */
export type TransferProgress = { readonly sent: (bytes: number) => void; readonly fetched: (bytes: number) => void };

/** Everything that talking to the server about one drive takes. */
export type Connection = {
  readonly client: Client;
  readonly drive: Drive;
  readonly lists: ChunkLists;
  readonly files: Files;
  /** What the server was last known to hold of an entry. */
  readonly known: (entryId: EntryId) => RemoteEntry | undefined;
  /** The id of the chunk list of an entry's local content, as it was when last read. */
  readonly heldBy: (entryId: EntryId) => Digest | undefined;
  /** Where the id of an upload in progress is written down. */
  readonly uploadFile: string;
  readonly progress: TransferProgress;
  readonly signal: AbortSignal;
};
