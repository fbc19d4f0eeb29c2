import type { Digest, EntryId, Place } from '@driftbox/domain';
import type { SyncBody } from '@driftbox/sync-core';
import type { Listed, Stat } from './ports/disk.ts';
import type { LocalRow } from './ports/store.ts';

/** The body that a stat shows. `undefined` for what is none of file, folder and symlink. */
export function bodyOf(stat: Stat, listId: Digest | undefined): SyncBody | undefined {
  switch (stat.kind) {
    case 'folder':
      return { kind: 'folder' };
    case 'symlink':
      return { kind: 'symlink', target: stat.target ?? '' };
    case 'file':
      return { kind: 'file', listId, sizeBytes: stat.sizeBytes, mtimeMs: Math.floor(stat.mtimeMs), executable: stat.executable };
    case 'other':
      return undefined;
  }
}

/** What the file system calls it: a mount is a folder to it. */
export function kindOnDisk({ kind }: SyncBody): Stat['kind'] {
  return kind === 'mount' ? 'folder' : kind;
}

/** True when a file looks as it did, but for its ctime, which renames, links and modes move too. */
export function looksSame(a: Stat, b: Stat): boolean {
  return a.identity === b.identity && a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs;
}

/** True when a file cannot have been written to between two looks. */
export function sameContentStat(a: Stat, b: Stat): boolean {
  return looksSame(a, b) && a.ctimeMs === b.ctimeMs;
}

/**
 * The row of an entry found at a place. What was known of the content stands if the file looks the same; it is trusted only
 * if the ctime rules out a change too, or the file was moved, and is to be read again otherwise. Times and the executable bit
 * stay as they were asked for unless they changed on disk, because a file system may round them. What is mounted in a folder
 * the disk does not tell.
 */
export function observedRow(entryId: EntryId, place: Place, before: LocalRow | undefined, found: Listed): LocalRow {
  const { stat, onDisk } = found;
  const moved = before !== undefined && (before.parentId !== place.parentId || before.name !== place.name);
  const known = before?.body.kind === 'file' && stat.kind === 'file' && looksSame(before.stat, stat) ? before : undefined;
  const isMount = before?.body.kind === 'mount' && stat.kind === 'folder';
  const body = isMount ? before.body : bodyOf(stat, known?.body.kind === 'file' ? known.body.listId : undefined);
  if (body === undefined) throw new Error('only files, folders and symlinks become rows');
  return {
    entryId,
    parentId: place.parentId,
    name: place.name,
    onDisk,
    stat,
    body: body.kind === 'file' && before?.body.kind === 'file' ? keepRounded(body, before.body, before.stat, stat) : body,
    trusted: known === undefined ? body.kind !== 'file' : known.trusted && (moved || before?.stat.ctimeMs === stat.ctimeMs),
  };
}

type FileBody = Extract<SyncBody, { readonly kind: 'file' }>;

function keepRounded(body: FileBody, before: FileBody, was: Stat, is: Stat): FileBody {
  const mtimeMs = was.mtimeMs === is.mtimeMs ? before.mtimeMs : body.mtimeMs;
  const executable = was.executable === is.executable ? before.executable : body.executable;
  return { ...body, mtimeMs, executable };
}

/** True when both rows say the same; then nothing need be written. */
export function sameRow(a: LocalRow, b: LocalRow): boolean {
  return (
    a.parentId === b.parentId &&
    a.name === b.name &&
    a.onDisk === b.onDisk &&
    a.trusted === b.trusted &&
    a.unreadable === b.unreadable &&
    sameStat(a.stat, b.stat) &&
    sameBody(a.body, b.body)
  );
}

/** True when an entry looks the same as before in all that is synced. */
export function sameStat(a: Stat, b: Stat): boolean {
  return sameContentStat(a, b) && a.kind === b.kind && a.executable === b.executable && a.target === b.target;
}

/** True when two bodies are the same to sync; content that is not known equals none but itself. */
export function sameBody(a: SyncBody, b: SyncBody): boolean {
  if (a.kind === 'file' && b.kind === 'file') {
    return a.listId === b.listId && a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs && a.executable === b.executable;
  }
  if (a.kind === 'mount' && b.kind === 'mount') return a.drive === b.drive;
  return a.kind === 'symlink' && b.kind === 'symlink' ? a.target === b.target : a.kind === b.kind;
}
