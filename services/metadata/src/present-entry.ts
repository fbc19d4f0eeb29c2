import { parseDeviceId, parseDriveId, parseEntryId, parseUserId } from '@driftbox/domain';
import type { Entry } from '@driftbox/protocol';
import { bodyOf, stored, type BodyRow, type RevisionRow, type ShownRow } from './store/entry-row.ts';

/** RFC 3339. What a list shows shares its times with its neighbours, above all what was made by one commit. */
function timePresenter(): (ms: number) => string {
  let latest = { ms: 0, text: '1970-01-01T00:00:00.000Z' };
  return (ms) => {
    if (latest.ms !== ms) latest = { ms, text: new Date(ms).toISOString() };
    return latest.text;
  };
}
const modifiedAt = timePresenter();
const mtime = timePresenter();
const trashedAt = timePresenter();

/** The newest state of an entry on the wire. */
export function presentEntry(row: ShownRow): Entry {
  const entry = present(row, row.modified_at, row.modified_by);
  if (row.trashed_at !== null) entry.trashedAt = trashedAt(row.trashed_at);
  return entry;
}

/** One revision of an entry on the wire. */
export function presentRevision(row: RevisionRow): Entry {
  const entry = present(row, row.made_at, row.made_by);
  if (row.trashed) entry.trashedAt = trashedAt(row.made_at);
  return entry;
}

function present(row: BodyRow, atMs: number, by: string): Entry {
  const entry = presentBody(row, {
    entryId: stored(parseEntryId, row.entry_id),
    drive: stored(parseDriveId, row.drive_id),
    parentId: stored(parseEntryId, row.parent_id),
    name: row.name,
    rev: row.rev,
    seq: row.seq,
    modifiedAt: modifiedAt(atMs),
    modifiedBy: stored(parseUserId, by),
  });
  if (row.device !== null) entry.device = stored(parseDeviceId, row.device);
  return entry;
}

type Common = Omit<Extract<Entry, { kind: 'folder' }>, 'kind'>;

function presentBody(row: BodyRow, common: Common): Entry {
  const body = bodyOf(row);
  switch (body.kind) {
    case 'folder':
      return { kind: 'folder', ...common };
    case 'symlink':
      return { kind: 'symlink', ...common, target: body.target, mtime: mtime(body.mtimeMs) };
    case 'mount':
      return { kind: 'mount', ...common, mountedDrive: body.drive };
    case 'file': {
      const { listId, sizeBytes, chunks } = body.content;
      const { executable } = body;
      const file = { kind: 'file' as const, ...common, sizeBytes, mtime: mtime(body.mtimeMs), executable, listId };
      return chunks === undefined ? file : { ...file, chunks: [...chunks] };
    }
  }
}
