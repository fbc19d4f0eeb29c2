import { statement } from '@driftbox/postgres';

/** Something that was done; `place` is where the next page begins. */
export type DeedRow = {
  readonly place: number;
  readonly seq: number;
  readonly entry_id: string;
  readonly rev: number;
  readonly action: number | null;
  readonly name: string | null;
  readonly by: string | null;
  readonly by_name: string | null;
  readonly device: string | null;
  readonly at: number | null;
};

const who = 'LEFT JOIN users u ON u.tenant = $1 AND u.user_id =';

/** A drive's journal before a place ($3), newest first. What has left the drive since has no name here: it may be secret by now. */
export const listDriveActivity = statement({
  name: 'metadata.list-drive-activity',
  text: `SELECT c.seq AS place, c.seq, c.entry_id, c.rev, c.action, r.name, coalesce(c.made_by, r.made_by) AS by, u.name AS by_name,
    coalesce(c.device, r.device) AS device, coalesce(c.made_at, r.made_at) AS at
  FROM (SELECT * FROM changes WHERE tenant = $1 AND drive_id = $2 AND ($3::bigint IS NULL OR seq < $3) ORDER BY seq DESC LIMIT $4) c
  LEFT JOIN revisions r ON r.tenant = $1 AND r.entry_id = c.entry_id AND r.rev = c.rev AND r.drive_id = $2
  ${who} coalesce(c.made_by, r.made_by) ORDER BY c.seq DESC`,
});

/** The same of one entry ($5), by the revisions that are kept, before one of them ($3). */
export const listEntryActivity = statement({
  name: 'metadata.list-entry-activity',
  text: `SELECT r.rev AS place, r.seq, r.entry_id, r.rev, c.action, r.name, r.made_by AS by, u.name AS by_name, r.device, r.made_at AS at
  FROM (SELECT * FROM revisions WHERE tenant = $1 AND entry_id = $5 AND drive_id = $2 AND ($3::bigint IS NULL OR rev < $3)
    ORDER BY rev DESC LIMIT $4) r
  LEFT JOIN changes c ON c.tenant = $1 AND c.drive_id = $2 AND c.seq = r.seq AND c.entry_id = r.entry_id AND c.rev = r.rev
  ${who} r.made_by ORDER BY r.rev DESC`,
});
