import type { SQLInputValue } from 'node:sqlite';
import type { Digest, DriveId, EntryId } from '@driftbox/domain';
import type { SyncBody, SyncedEntry } from '@driftbox/sync-core';
import type { Stat } from '../ports/disk.ts';
import type { LocalRow } from '../ports/store.ts';

/**
 * A row as SQLite gives it: values in the order of `entryNames` or `localNames`. This module alone knows what they hold; they
 * were written from the same types. By position, because a scan decodes every row of the folder and names cost half of that.
 */
export type Row = readonly unknown[];
/** Values for the parameters of a statement, by name. */
export type Columns = Record<string, SQLInputValue>;

const placedNames = ['entry_id', 'parent_id', 'name', 'kind', 'list_id', 'size_bytes', 'mtime_ms', 'executable', 'target'];
/** Columns of the synced and the remote tree. */
export const entryNames: readonly string[] = [...placedNames, 'rev'];
const statNames = ['stat_kind', 'identity', 'stat_size', 'stat_mtime', 'stat_ctime', 'stat_executable', 'stat_target'];
/** Columns of the local tree. */
export const localNames: readonly string[] = [...placedNames, 'unreadable', 'on_disk', 'trusted', ...statNames];
/** What must be equal for two entries to be at one place with one body. */
export const comparedNames: readonly string[] = placedNames.slice(1);

const kinds = ['file', 'folder', 'symlink', 'other', 'mount'] as const;

/** Columns of an entry of the synced or the remote tree. */
export function columnsOf(entry: SyncedEntry): Columns {
  return { ...entryColumns(entry), rev: entry.rev };
}

/** The entry that such columns tell. */
export function entryOf(row: Row): SyncedEntry {
  return { ...placedOf(row), rev: row[9] as number };
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
  const entry = { ...placedOf(row), stat: statOf(row), onDisk: row[10] as string, trusted: row[11] === 1 };
  return row[9] === null ? entry : { ...entry, unreadable: row[9] as string };
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
    target: body.kind === 'symlink' ? body.target : body.kind === 'mount' ? `${body.drive} ${body.rootId}` : null,
  };
}

function placedOf(row: Row): Omit<SyncedEntry, 'rev'> {
  return { entryId: row[0] as EntryId, parentId: row[1] as EntryId, name: row[2] as string, body: bodyOf(row) };
}

function bodyOf(row: Row): SyncBody {
  const kind = kinds[row[3] as number];
  if (kind === 'folder') return { kind };
  if (kind === 'symlink') return { kind, target: row[8] as string };
  if (kind === 'mount') {
    const [drive, rootId] = (row[8] as string).split(' ');
    return { kind, drive: drive as DriveId, rootId: rootId as EntryId };
  }
  return {
    kind: 'file',
    listId: (row[4] ?? undefined) as Digest | undefined,
    sizeBytes: row[5] as number,
    mtimeMs: row[6] as number,
    executable: row[7] === 1,
  };
}

function statOf(row: Row): Stat {
  const stat = {
    kind: (kinds[row[12] as number] ?? 'other') as Stat['kind'],
    identity: row[13] as string,
    sizeBytes: row[14] as number,
    mtimeMs: row[15] as number,
    ctimeMs: row[16] as number,
    executable: row[17] === 1,
  };
  return row[18] === null ? stat : { ...stat, target: row[18] as string };
}
