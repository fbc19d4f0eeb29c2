import type { Change, Entry } from '@driftbox/protocol';
import type { RemoteEntry } from '@driftbox/sync-core';
import type { RemoteChange } from '../ports/server.ts';

/** An entry as sync knows it; `undefined` for what is not synced: other drives shown in this one, and what lies in the trash. */
export function remoteEntryOf(entry: Entry): RemoteEntry | undefined {
  if (entry.trashedAt !== undefined) return undefined;
  const { entryId, parentId, name, rev } = entry;
  switch (entry.kind) {
    case 'folder':
      return { entryId, parentId, name, rev, body: { kind: 'folder' } };
    case 'symlink':
      return { entryId, parentId, name, rev, body: { kind: 'symlink', target: entry.target } };
    case 'file': {
      const { listId, sizeBytes, executable } = entry;
      return { entryId, parentId, name, rev, body: { kind: 'file', listId, sizeBytes, executable, mtimeMs: Date.parse(entry.mtime) } };
    }
    case 'mount':
      return undefined;
  }
}

/** A line of the journal as sync knows it: what moved to another drive is gone from this one. */
export function remoteChangeOf(change: Change): RemoteChange {
  const { seq } = change;
  if (change.change !== 'put') return { seq, gone: change.entryId };
  const entry = remoteEntryOf(change.entry);
  return entry === undefined ? { seq, gone: change.entry.entryId } : { seq, entry };
}
