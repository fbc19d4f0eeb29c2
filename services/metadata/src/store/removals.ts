import type { DriveId, UserId } from '@driftbox/domain';
import { statement } from '@driftbox/postgres';

/** A drive that somebody owns, what it is charged for, and how many others have a role on it. */
export type OwnedRow = {
  readonly drive_id: DriveId;
  readonly name: string;
  readonly kind: 'home' | 'shared';
  readonly bytes: number;
  readonly others: number;
};

/** The drives that a user owns, the home drive last; at most 1,000. */
export const listOwned = statement({
  name: 'metadata.list-owned',
  text: `SELECT d.drive_id, d.name, d.kind, d.current_bytes + d.history_bytes + d.trash_bytes AS bytes,
    (SELECT count(*) FROM grants g WHERE g.tenant = $1 AND g.drive_id = d.drive_id AND g.subject <> $2) AS others
  FROM drives d WHERE d.tenant = $1 AND d.owner = $2 ORDER BY d.kind DESC, d.name COLLATE "C", d.drive_id LIMIT 1000`,
});

/** What is known of somebody who is, or was, to be removed; no row for who never was there. */
export const readLeaver = statement({
  name: 'metadata.read-leaver',
  text: 'SELECT u.name, u.state FROM users u WHERE u.tenant = $1 AND u.user_id = $2',
});

/** Says that somebody is being removed, or once more with another heir. */
export const putRemoval = statement({
  name: 'metadata.put-removal',
  text: `INSERT INTO removals (tenant, user_id, heir, removed_by) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant, user_id) DO UPDATE SET heir = $3, removed_by = $4, asked_at = now(), done_at = NULL`,
});

export type RemovalRow = { readonly user_id: UserId; readonly heir: UserId | null; readonly removed_by: UserId };

/** Removals of people whose accounts have ended, that are not done. */
export const listOpenRemovals = statement({
  name: 'metadata.list-open-removals',
  text: `SELECT r.user_id, r.heir, r.removed_by FROM removals r
  JOIN users u ON u.tenant = $1 AND u.user_id = r.user_id AND u.state = 'removed'
  WHERE r.tenant = $1 AND r.done_at IS NULL ORDER BY r.user_id LIMIT 20`,
});

export const finishRemoval = statement({
  name: 'metadata.finish-removal',
  text: 'UPDATE removals SET done_at = now() WHERE tenant = $1 AND user_id = $2 AND heir IS NOT DISTINCT FROM $3',
});

/** Takes a user out of every group, and every role that they have on entries and on drives of others; answers these drives. */
export const dropRoles = statement({
  name: 'metadata.drop-roles',
  text: `WITH groups_left AS (DELETE FROM group_members WHERE tenant = $1 AND user_id = $2),
    entries_left AS (DELETE FROM entry_grants WHERE tenant = $1 AND subject = $2)
  DELETE FROM grants g USING drives d WHERE g.tenant = $1 AND g.subject = $2 AND d.tenant = $1 AND d.drive_id = g.drive_id
    AND d.owner <> $2 RETURNING g.drive_id, d.name`,
});

/** The drives that are mounted in a drive. */
export const listMountedIn = statement({
  name: 'metadata.list-mounted-in',
  text: `SELECT DISTINCT mounted_drive FROM entries
  WHERE tenant = $1 AND drive_id = $2 AND kind = 3 AND trashed_seq IS NULL AND mounted_drive IS NOT NULL LIMIT 200`,
});

/** Gives a drive from one owner ($3) to another ($4), a home as a shared drive of a name ($5). No row where it is not theirs. */
export const takeOver = statement({
  name: 'metadata.take-over',
  text: `UPDATE drives SET owner = $4, kind = 'shared', name = CASE WHEN kind = 'home' THEN $5 ELSE name END
  WHERE tenant = $1 AND drive_id = $2 AND owner = $3 RETURNING name`,
});
