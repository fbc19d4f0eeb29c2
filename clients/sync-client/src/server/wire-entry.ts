import type { DriveId, EntryId } from '@driftbox/domain';
import type { Change, Entry } from '@driftbox/protocol';
import type { RemoteEntry } from '@driftbox/sync-core';
import type { RemoteChange } from '../ports/server.ts';

/** The roots of drives that show up in this one, as far as they may be seen. */
export type Roots = ReadonlyMap<DriveId, EntryId>;

/** An entry as sync knows it; `undefined` for what is not synced: what lies in the trash, and a drive that may not be seen. */
export function remoteEntryOf(entry: Entry, roots: Roots): RemoteEntry | undefined {
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
    case 'mount': {
      const drive = entry.mountedDrive;
      const rootId = roots.get(drive);
      return rootId && { entryId, parentId, name, rev, body: { kind: 'mount', drive, rootId } };
    }
  }
}

/** A line of the journal as sync knows it: what moved to another drive is gone from this one. */
export function remoteChangeOf(change: Change, roots: Roots): RemoteChange {
  const { seq } = change;
  if (change.change !== 'put') return { seq, gone: change.entryId };
  const entry = remoteEntryOf(change.entry, roots);
  return entry === undefined ? { seq, gone: change.entry.entryId } : { seq, entry };
}
