import type { SQLInputValue } from 'node:sqlite';
import type { Digest, EntryId } from '@driftbox/domain';
import type { SyncBody, SyncedEntry } from '@driftbox/sync-core';
import type { Stat } from '../ports/disk.ts';
import type { LocalRow } from '../ports/store.ts';

/** A row as SQLite gives it. This module alone knows what the columns hold; they were written from the same types. */
export type Row = Record<string, unknown>;
/** Values for the parameters of a statement, by name. */
export type Columns = Record<string, SQLInputValue>;

const kinds = ['file', 'folder', 'symlink', 'other'] as const;

/** Columns of an entry of the synced or the remote tree. */
export function columnsOf(entry: SyncedEntry): Columns {
  return { ...entryColumns(entry), rev: entry.rev };
}

/** The entry that such columns tell. */
export function entryOf(row: Row): SyncedEntry {
  return { ...placedOf(row), rev: row['rev'] as number };
}

/** Columns of an entry of the local tree. */
export function localColumnsOf(entry: LocalRow): Columns {
  const { stat } = entry;
  return {
    ...entryColumns(entry),
    unreadable: entry.unreadable ?? null,
    on_disk: entry.onDisk,
    trusted: entry.trusted ? 1 : 0,
    stat_kind: kinds.indexOf(stat.kind),
    identity: stat.identity,
    stat_size: stat.sizeBytes,
    stat_mtime: stat.mtimeMs,
    stat_ctime: stat.ctimeMs,
    stat_executable: stat.executable ? 1 : 0,
    stat_target: stat.target ?? null,
  };
}

/** The local entry that such columns tell. */
export function localOf(row: Row): LocalRow {
  const { unreadable } = row;
  return {
    ...placedOf(row),
    ...(unreadable === null ? {} : { unreadable: unreadable as string }),
    stat: statOf(row),
    onDisk: row['on_disk'] as string,
    trusted: row['trusted'] === 1,
  };
}

function entryColumns(entry: Omit<SyncedEntry, 'rev'>): Columns {
  const { entryId, parentId, name, body } = entry;
  const file = body.kind === 'file' ? body : undefined;
  return {
    entry_id: entryId,
    parent_id: parentId,
    name,
    kind: kinds.indexOf(body.kind),
    list_id: file?.listId ?? null,
    size_bytes: file?.sizeBytes ?? null,
    mtime_ms: file?.mtimeMs ?? null,
    executable: file === undefined ? null : file.executable ? 1 : 0,
    target: body.kind === 'symlink' ? body.target : null,
  };
}

function placedOf(row: Row): Omit<SyncedEntry, 'rev'> {
  return { entryId: row['entry_id'] as EntryId, parentId: row['parent_id'] as EntryId, name: row['name'] as string, body: bodyOf(row) };
}

function bodyOf(row: Row): SyncBody {
  const kind = kinds[row['kind'] as number];
  if (kind === 'folder') return { kind };
  if (kind === 'symlink') return { kind, target: row['target'] as string };
  return {
    kind: 'file',
    listId: (row['list_id'] ?? undefined) as Digest | undefined,
    sizeBytes: row['size_bytes'] as number,
    mtimeMs: row['mtime_ms'] as number,
    executable: row['executable'] === 1,
  };
}

function statOf(row: Row): Stat {
  const target = row['stat_target'];
  return {
    kind: kinds[row['stat_kind'] as number] ?? 'other',
    identity: row['identity'] as string,
    sizeBytes: row['stat_size'] as number,
    mtimeMs: row['stat_mtime'] as number,
    ctimeMs: row['stat_ctime'] as number,
    executable: row['stat_executable'] === 1,
    ...(target === null ? {} : { target: target as string }),
  };
}
