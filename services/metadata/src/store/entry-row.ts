import assert from 'node:assert/strict';
import {
  entryKinds,
  parseDeviceId,
  parseDigest,
  parseDriveId,
  parseEntryId,
  parseUserId,
  type Body,
  type ChunkRef,
  type Digest,
  type Entry,
  type EntryId,
  type Revision,
} from '@driftbox/domain';
import { decodeChunkRows } from './chunk-rows.ts';

/** Which form a file's list has: its one chunk, a row of `lists`, or a root of segments. */
export const listForms = { oneChunk: 0, inline: 1, segmented: 2 } as const;

/** The columns that entries and revisions have in common, as the database answers them. */
export type BodyRow = {
  readonly entry_id: string;
  readonly drive_id: string;
  readonly parent_id: string;
  readonly name: string;
  readonly rev: number;
  readonly seq: number;
  readonly kind: number;
  readonly list_id: string | null;
  readonly list_form: number | null;
  readonly size_bytes: number | null;
  readonly mtime_ms: number | null;
  readonly executable: boolean;
  readonly target: string | null;
  readonly mounted_drive: string | null;
  readonly device: string | null;
  /** Rows of an inline list; null for every other form. */
  readonly encoded: Buffer | null;
};
/** What of an entry a list shows. */
export type ShownRow = BodyRow & {
  readonly trashed_at: number | null;
  readonly modified_at: number;
  readonly modified_by: string;
};
export type EntryRow = ShownRow & {
  readonly content_rev: number;
  readonly place_rev: number;
  readonly trashed_seq: number | null;
  readonly trashed_by: string | null;
};
export type RevisionRow = BodyRow & {
  readonly trashed: boolean;
  readonly charged: boolean;
  readonly made_at: number;
  readonly made_by: string;
};

const common = (row: string): string =>
  `${[
    'entry_id',
    'drive_id',
    'parent_id',
    'name',
    'rev',
    'seq',
    'kind',
    'list_form',
    'size_bytes',
    'mtime_ms',
    'executable',
    'target',
    'mounted_drive',
    'device',
  ]
    .map((column) => `${row}.${column}`)
    .join(', ')}, encode(${row}.list_id, 'hex') AS list_id,
  CASE WHEN ${row}.list_form = 1 THEN (SELECT l.encoded FROM lists l WHERE l.tenant = $1 AND l.list_id = ${row}.list_id) END AS encoded`;

/** The select list of a `ShownRow` from `entries` under an alias; `$1` is the tenant. A column costs a long list a few percent. */
export const shownColumns = (row: string): string => `${common(row)}, ${row}.trashed_at, ${row}.modified_at, ${row}.modified_by`;

/** The select list of an `EntryRow`. */
export const entryColumns = (row: string): string =>
  `${shownColumns(row)}, ${row}.content_rev, ${row}.place_rev, ${row}.trashed_seq, ${row}.trashed_by`;

/** The select list of a `RevisionRow` from `revisions` under an alias; `$1` is the tenant. */
export const revisionColumns = (row: string): string => `${common(row)}, ${row}.trashed, ${row}.charged, ${row}.made_at, ${row}.made_by`;

/** A value that was validated before it was stored; anything else is a broken database. */
export function stored<T>(parse: (text: string) => T | undefined, text: string | null): T {
  const value = text === null ? undefined : parse(text);
  assert(value !== undefined, `not what was stored: ${text}`);
  return value;
}

/** The chunks of a file where its list is inline; `undefined` for a segmented one. */
export function chunksOf(row: BodyRow, listId: Digest): readonly ChunkRef[] | undefined {
  if (row.list_form === listForms.segmented) return undefined;
  if (row.list_form === listForms.oneChunk) return [{ digest: listId, sizeBytes: row.size_bytes ?? 0 }];
  return row.encoded === null ? [] : decodeChunkRows(row.encoded);
}

export function bodyOf(row: BodyRow): Body {
  const kind = entryKinds[row.kind];
  switch (kind) {
    case 'file': {
      const listId = stored(parseDigest, row.list_id);
      const content = { listId, sizeBytes: row.size_bytes ?? 0, chunks: chunksOf(row, listId) };
      return { kind, content, mtimeMs: row.mtime_ms ?? 0, executable: row.executable };
    }
    case 'folder':
      return { kind };
    case 'symlink':
      return { kind, target: row.target ?? '', mtimeMs: row.mtime_ms ?? 0 };
    case 'mount':
      return { kind, drive: stored(parseDriveId, row.mounted_drive) };
    default:
      throw new Error(`no such kind: ${row.kind}`);
  }
}

const ids = (row: BodyRow): { entryId: EntryId; parentId: EntryId } => ({
  entryId: stored(parseEntryId, row.entry_id),
  parentId: stored(parseEntryId, row.parent_id),
});

export function entryOf(row: EntryRow): Entry {
  return {
    ...ids(row),
    name: row.name,
    rev: row.rev,
    contentRev: row.content_rev,
    placeRev: row.place_rev,
    seq: row.seq,
    body: bodyOf(row),
    trashed:
      row.trashed_seq === null ? undefined : { seq: row.trashed_seq, atMs: row.trashed_at ?? 0, by: stored(parseUserId, row.trashed_by) },
  };
}

export function revisionOf(row: RevisionRow): Revision {
  return {
    ...ids(row),
    name: row.name,
    rev: row.rev,
    seq: row.seq,
    body: bodyOf(row),
    trashed: row.trashed,
    charged: row.charged,
    atMs: row.made_at,
    by: stored(parseUserId, row.made_by),
    device: row.device === null ? undefined : stored(parseDeviceId, row.device),
  };
}
