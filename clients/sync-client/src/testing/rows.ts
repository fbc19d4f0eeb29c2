import type { Digest, EntryId, WriteId } from '@driftbox/domain';
import type { RemoteEntry, SyncBody, SyncedEntry } from '@driftbox/sync-core';
import type { Stat } from '../ports/disk.ts';
import type { PendingOperation } from '../ports/server.ts';
import type { LocalRow } from '../ports/store.ts';

/** The n-th id of the tests, in canonical form. */
export const id = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}` as EntryId;
export const rootId = id(0xaaaa);
export const listId = (n: number) => n.toString(16).padStart(64, '0') as Digest;

export function fileBody(tag: number, over: Partial<Extract<SyncBody, { kind: 'file' }>> = {}): SyncBody {
  return { kind: 'file', listId: listId(tag), sizeBytes: tag, mtimeMs: 1_000 + tag, executable: false, ...over };
}

export function fileStat(inode: number, over: Partial<Stat> = {}): Stat {
  return { kind: 'file', identity: `inode ${inode}`, sizeBytes: 5, mtimeMs: 1_000.5, ctimeMs: 2_000.25, executable: false, ...over };
}

export function syncedEntry(n: number, name: string, over: Partial<SyncedEntry> = {}): SyncedEntry {
  return { entryId: id(n), parentId: rootId, name, body: fileBody(n), rev: 1, ...over };
}

export function remoteEntry(n: number, name: string, over: Partial<RemoteEntry> = {}): RemoteEntry {
  return syncedEntry(n, name, over);
}

export function localRow(n: number, name: string, over: Partial<LocalRow> = {}): LocalRow {
  return { entryId: id(n), parentId: rootId, name, onDisk: name, body: fileBody(n), stat: fileStat(n), trusted: true, ...over };
}

export function pendingMove(n: number, over: Partial<PendingOperation> = {}): PendingOperation {
  const operation = { op: 'move', entryId: id(n), parentId: rootId, name: `moved ${n}`, baseRev: 1 } as const;
  return { writeId: id(0x1000 + n) as string as WriteId, operation, seenSeq: 7, ...over };
}
