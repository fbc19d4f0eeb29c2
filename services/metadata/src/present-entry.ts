import { parseDeviceId, parseDriveId, parseEntryId, parseUserId } from '@driftbox/domain';
import type { Entry } from '@driftbox/protocol';
import { bodyOf, stored, type BodyRow, type EntryRow, type RevisionRow } from './store/entry-row.ts';

const time = (ms: number): string => new Date(ms).toISOString();

/** The newest state of an entry on the wire. */
export function presentEntry(row: EntryRow): Entry {
  return { ...present(row, row.modified_at, row.modified_by), ...(row.trashed_at === null ? {} : { trashedAt: time(row.trashed_at) }) };
}

/** One revision of an entry on the wire. */
export function presentRevision(row: RevisionRow): Entry {
  return { ...present(row, row.made_at, row.made_by), ...(row.trashed ? { trashedAt: time(row.made_at) } : {}) };
}

function present(row: BodyRow, atMs: number, by: string): Entry {
  const common = {
    entryId: stored(parseEntryId, row.entry_id),
    drive: stored(parseDriveId, row.drive_id),
    parentId: stored(parseEntryId, row.parent_id),
    name: row.name,
    rev: row.rev,
    seq: row.seq,
    modifiedAt: time(atMs),
    modifiedBy: stored(parseUserId, by),
    ...(row.device === null ? {} : { device: stored(parseDeviceId, row.device) }),
  };
  const body = bodyOf(row);
  switch (body.kind) {
    case 'folder':
      return { kind: 'folder', ...common };
    case 'symlink':
      return { kind: 'symlink', ...common, target: body.target, mtime: time(body.mtimeMs) };
    case 'mount':
      return { kind: 'mount', ...common, mountedDrive: body.drive };
    case 'file': {
      const { listId, sizeBytes, chunks } = body.content;
      return {
        kind: 'file',
        ...common,
        sizeBytes,
        mtime: time(body.mtimeMs),
        executable: body.executable,
        listId,
        ...(chunks === undefined ? {} : { chunks: [...chunks] }),
      };
    }
  }
}
