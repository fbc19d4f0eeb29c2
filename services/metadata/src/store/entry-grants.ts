import { statement } from '@driftbox/postgres';
import { pageOfGrants, selectGrants } from './grants.ts';
import { entryColumns } from './entry-row.ts';
import { strongestFirst, subjectsOf } from './role-of.ts';

const shown = `${selectGrants('entry_grants')} AND g.entry_id = $2`;

/** The grants on an entry itself by name, after a name and a subject. */
export const listEntryGrants = statement({ name: 'metadata.list-entry-grants', text: pageOfGrants(shown) });

/** The grant of one person or group on an entry itself. */
export const readEntryGrant = statement({ name: 'metadata.read-entry-grant', text: `${shown} AND g.subject = $3` });

export const writeEntryGrant = statement({
  name: 'metadata.write-entry-grant',
  text: `INSERT INTO entry_grants (tenant, entry_id, subject, role, granted_by) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (tenant, entry_id, subject) DO UPDATE SET role = $4, granted_by = $5, granted_at = now()`,
});

export const dropEntryGrant = statement({
  name: 'metadata.drop-entry-grant',
  text: 'DELETE FROM entry_grants WHERE tenant = $1 AND entry_id = $2 AND subject = $3',
});

/** Ends all roles on these entries: they go to somebody else's drive. */
export const dropGrantsOn = statement({
  name: 'metadata.drop-grants-on',
  text: 'DELETE FROM entry_grants WHERE tenant = $1 AND entry_id = ANY ($2::uuid[])',
});

/** Makes the roles on a folder ($2) roles on the drive ($3) that it has become the root of; answers them. */
export const liftGrants = statement({
  name: 'metadata.lift-grants',
  text: `INSERT INTO grants (tenant, drive_id, subject, role, granted_by, granted_at)
  SELECT tenant, $3, subject, role, granted_by, granted_at FROM entry_grants WHERE tenant = $1 AND entry_id = $2
  ON CONFLICT (tenant, drive_id, subject) DO NOTHING RETURNING subject, role`,
});

/** The live entries that a user ($2) was let in to, each with the strongest role given on it itself; by name after `$3` and `$4`. */
export const listGranted = statement({
  name: 'metadata.list-granted',
  text: `SELECT ${entryColumns('e')}, g.role, g.granted_by, g.granted_at, coalesce(u.name, '') AS granted_by_name, d.epoch, d.seq AS head
  FROM (SELECT DISTINCT ON (g.entry_id) g.* FROM entry_grants g WHERE g.tenant = $1 AND g.subject = ANY (${subjectsOf('$2')})
    ORDER BY g.entry_id, ${strongestFirst}) g
  JOIN entries e ON e.tenant = $1 AND e.entry_id = g.entry_id
  JOIN drives d ON d.tenant = $1 AND d.drive_id = e.drive_id
  LEFT JOIN users u ON u.tenant = $1 AND u.user_id = g.granted_by
  WHERE ($3::text IS NULL OR (e.name COLLATE "C", e.entry_id) > ($3, $4::uuid)) AND NOT EXISTS (
    WITH RECURSIVE up AS (
      SELECT e.parent_id, e.trashed_seq
      UNION ALL
      SELECT p.parent_id, p.trashed_seq FROM up JOIN entries p ON p.tenant = $1 AND p.entry_id = up.parent_id
    ) SELECT 1 FROM up WHERE trashed_seq IS NOT NULL)
  ORDER BY e.name COLLATE "C", e.entry_id LIMIT $5`,
});

/** The strongest role that a user ($2) holds on each of these entries ($3) itself. */
export const loadEntryRoles = statement({
  name: 'metadata.load-entry-roles',
  text: `SELECT DISTINCT ON (g.entry_id) g.entry_id, g.role FROM entry_grants g
  WHERE g.tenant = $1 AND g.entry_id = ANY ($3::uuid[]) AND g.subject = ANY (${subjectsOf('$2')}) ORDER BY g.entry_id, ${strongestFirst}`,
});
