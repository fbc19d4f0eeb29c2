import { statement } from '@driftbox/postgres';
import { revisionColumns } from './entry-row.ts';
import { subjectsOf } from './role-of.ts';

/** The drive with the next id after one ($3; null: the first) on which a user ($2) has any role. */
export const nextDrive = statement({
  name: 'metadata.next-drive',
  text: `SELECT g.drive_id FROM grants g WHERE g.tenant = $1 AND g.subject = ANY (${subjectsOf('$2')})
    AND ($3::uuid IS NULL OR g.drive_id > $3)
    ORDER BY g.drive_id LIMIT 1`,
});

/** A change with its author and time; they are null where its revision is past its retention. */
export type DeedRow = {
  readonly seq: number;
  readonly entry_id: string;
  readonly action: number;
  readonly made_by: string | null;
  readonly device: string | null;
  readonly made_at: number | null;
};

/** The journal backwards from a change ($3). */
export const readDeeds = statement({
  name: 'metadata.read-deeds',
  text: `SELECT c.seq, c.entry_id, c.action, coalesce(r.made_by, c.made_by) AS made_by, coalesce(r.device, c.device) AS device,
    coalesce(r.made_at, c.made_at) AS made_at
  FROM (SELECT * FROM changes WHERE tenant = $1 AND drive_id = $2 AND seq <= $3 ORDER BY seq DESC LIMIT $4) c
  LEFT JOIN revisions r ON r.tenant = $1 AND r.entry_id = c.entry_id AND r.rev = c.rev
  ORDER BY c.seq DESC`,
});

/** All retained revisions of some entries that are in a drive. */
export const readHistories = statement({
  name: 'metadata.read-histories',
  text: `SELECT ${revisionColumns('r')} FROM revisions r
  WHERE r.tenant = $1 AND r.drive_id = $2 AND r.entry_id = ANY ($3::uuid[]) ORDER BY r.entry_id, r.rev`,
});

/**
 * Whether something live is below a folder ($2) that not all is the work of a device ($4) since a time ($5, in ms), or of this user's
 * ($6, null: whoever's) on it; and how far the drive's journal goes.
 */
export const othersBelow = statement({
  name: 'metadata.others-below',
  text: `WITH RECURSIVE below AS (
    SELECT entry_id, kind FROM entries WHERE tenant = $1 AND parent_id = $2 AND trashed_seq IS NULL
    UNION ALL
    SELECT e.entry_id, e.kind FROM below b JOIN entries e ON e.tenant = $1 AND e.parent_id = b.entry_id AND e.trashed_seq IS NULL
      WHERE b.kind = 1
  )
  SELECT (SELECT seq FROM drives WHERE tenant = $1 AND drive_id = $3) AS seq, EXISTS (
    SELECT 1 FROM below b JOIN revisions r ON r.tenant = $1 AND r.entry_id = b.entry_id
    WHERE coalesce(r.device, r.made_by) <> $4::uuid OR r.made_at < to_timestamp($5::float8 / 1000) OR r.made_by <> $6::uuid
  ) AS others`,
});
