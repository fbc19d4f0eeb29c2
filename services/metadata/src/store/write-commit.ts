import { statement } from '@driftbox/postgres';

/** One new revision; `latest` when it is the entry's newest, and then the row of `entries` too. Times in ms, digests in hex. */
export type WrittenRevision = {
  readonly entry: string;
  readonly parent: string;
  readonly name: string;
  readonly search: string;
  readonly rev: number;
  readonly seq: number;
  readonly kind: number;
  readonly list?: string | undefined;
  readonly form?: number | undefined;
  readonly size?: number | undefined;
  readonly mtime?: number | undefined;
  readonly executable: boolean;
  readonly target?: string | undefined;
  readonly mounted?: string | undefined;
  readonly at: number;
  readonly by: string;
  readonly device?: string | undefined;
  readonly trashed: boolean;
  readonly charged: boolean;
  readonly latest: boolean;
  readonly content_rev?: number | undefined;
  readonly place_rev?: number | undefined;
  readonly trashed_seq?: number | undefined;
  readonly trashed_at?: number | undefined;
  readonly trashed_by?: string | undefined;
};
/** One journal row; author and time only for a purge. */
export type WrittenChange = {
  readonly seq: number;
  readonly entry: string;
  readonly write: string;
  readonly rev: number;
  readonly action: number;
  readonly by?: string | undefined;
  readonly device?: string | undefined;
  readonly at?: number | undefined;
};

const shared = `$1, r.entry, $2, r.parent, r."by", r.seq, r.size, r.mtime, to_timestamp(r.at / 1000), r.rev, r.kind, r.form,
  r.executable, r.device,
    r.mounted, decode(r.list, 'hex'), r.name, r.target`;
const columns = (author: string): string =>
  `tenant, entry_id, drive_id, parent_id, ${author}_by, seq, size_bytes, mtime_ms, ${author}_at, rev, kind, list_form, executable,
    device, mounted_drive, list_id, name, target`;

/** Writes a whole commit: revisions, newest states, journal, the commit's id, its reservation and the drive's row. */
export const writeCommit = statement({
  name: 'metadata.write-commit',
  text: `WITH r AS MATERIALIZED (
    SELECT * FROM json_to_recordset($3::json) AS r (entry uuid, parent uuid, name text, search text, rev integer, seq bigint,
      kind smallint, list text,
      form smallint, size bigint, mtime bigint, executable boolean, target text, mounted uuid, at float8, "by" uuid, device uuid,
        trashed boolean,
      charged boolean, latest boolean, content_rev integer, place_rev integer, trashed_seq bigint, trashed_at float8, trashed_by uuid)
  ), history AS (
    INSERT INTO revisions (${columns('made')}, trashed, charged) SELECT ${shared}, r.trashed, r.charged FROM r
  ), newest AS (
    INSERT INTO entries AS e (${columns('modified')}, search_name, content_rev, place_rev, trashed_seq, trashed_at, trashed_by)
    SELECT ${shared}, r.search, r.content_rev, r.place_rev, r.trashed_seq, to_timestamp(r.trashed_at / 1000), r.trashed_by
      FROM r WHERE r.latest
    ON CONFLICT (tenant, entry_id) DO UPDATE SET parent_id = excluded.parent_id, modified_by = excluded.modified_by, seq = excluded.seq,
      size_bytes = excluded.size_bytes, mtime_ms = excluded.mtime_ms, modified_at = excluded.modified_at, rev = excluded.rev,
      list_form = excluded.list_form, executable = excluded.executable, device = excluded.device, mounted_drive = excluded.mounted_drive,
      list_id = excluded.list_id, name = excluded.name, target = excluded.target, search_name = excluded.search_name,
      content_rev = excluded.content_rev, place_rev = excluded.place_rev, trashed_seq = excluded.trashed_seq,
      trashed_at = excluded.trashed_at, trashed_by = excluded.trashed_by
  ), journal AS (
    INSERT INTO changes (tenant, drive_id, seq, entry_id, write_id, rev, action, made_by, device, made_at)
    SELECT $1, $2, c.seq, c.entry, c.write, c.rev, c.action, c."by", c.device, to_timestamp(c.at / 1000)
    FROM json_to_recordset($4::json) AS c (seq bigint, entry uuid, write uuid, rev integer, action smallint, "by" uuid, device uuid,
      at float8)
  ), known AS (
    INSERT INTO commits (tenant, commit_id) SELECT $1, $5::uuid WHERE $5::uuid IS NOT NULL ON CONFLICT DO NOTHING
  ), settled AS (
    UPDATE reservations SET left_bytes = $7 WHERE tenant = $1 AND drive_id = $2 AND upload_id = $6 AND left_bytes <> $7
  )
  UPDATE drives SET seq = $8, current_files = $9, current_bytes = $10, history_files = $11, history_bytes = $12, trash_files = $13,
    trash_bytes = $14, allowance_bytes = $15, allowance_files = $16 WHERE tenant = $1 AND drive_id = $2`,
});
