import { statement } from '@driftbox/postgres';
import { grantOf, strongestFirst, subjectsOf } from './role-of.ts';

const driveColumns = `d.drive_id, d.root_id, d.kind, d.owner, d.name, d.epoch, d.seq, d.horizon_seq, d.locked, d.current_files,
  d.current_bytes, d.history_files,
  d.history_bytes, d.trash_files, d.trash_bytes, d.allowance_bytes, d.allowance_files, d.created_at`;
const columns = `${driveColumns}, g.role`;

/** A drive as a user may know it: no row without a grant. */
export const readAccess = statement({
  name: 'metadata.read-access',
  text: `SELECT ${columns} FROM drives d CROSS JOIN LATERAL (${grantOf('d.drive_id', '$3')}) g
    WHERE d.tenant = $1 AND d.drive_id = $2`,
});

/** The same for many questions at once: drive `$2[i]` for user `$3[i]`. Each row says whose question it answers. */
export const readAccesses = statement({
  name: 'metadata.read-accesses',
  text: `SELECT known.* FROM unnest($2::uuid[], $3::uuid[]) AS q (drive_id, subject) CROSS JOIN LATERAL (
    SELECT ${columns}, q.subject FROM drives d CROSS JOIN LATERAL (${grantOf('d.drive_id', 'q.subject')}) g
    WHERE d.tenant = $1 AND d.drive_id = q.drive_id LIMIT 1) AS known`,
});

/** The drives of a user, the home drive first, then by name; after the keys `$3` to `$5` when given. */
export const listAccess = statement({
  name: 'metadata.list-access',
  text: `SELECT ${columns}, (d.kind = 'home' AND d.owner = $2) IS FALSE AS other
  FROM (SELECT DISTINCT ON (g.drive_id) g.drive_id, g.role FROM grants g WHERE g.tenant = $1 AND g.subject = ANY (${subjectsOf('$2')})
    ORDER BY g.drive_id, ${strongestFirst}) g
  JOIN drives d ON d.tenant = $1 AND d.drive_id = g.drive_id
  WHERE ($3::integer IS NULL OR (((d.kind = 'home' AND d.owner = $2) IS FALSE)::integer, d.name COLLATE "C", d.drive_id) > ($3,
      $4::text, $5::uuid))
  ORDER BY other, d.name COLLATE "C", d.drive_id LIMIT $6`,
});

/**
 * The drive of an entry ($3) as a user ($4) may know it: by a role on the drive, or by one on the entry or a folder above it while
 * none of them is in the trash. `entry_top` is the topmost of those. With a role on the drive others are looked for only if `$5`.
 */
export const readEntryAccess = statement({
  name: 'metadata.read-entry-access',
  text: `SELECT ${driveColumns}, g.role, o.entry_role, o.entry_top FROM drives d
  LEFT JOIN LATERAL (${grantOf('d.drive_id', '$4')}) g ON true
  LEFT JOIN LATERAL (
    WITH RECURSIVE up AS (
      SELECT e.entry_id, e.parent_id, e.trashed_seq, 0 AS step FROM entries e
      WHERE (g.role IS NULL OR $5) AND e.tenant = $1 AND e.drive_id = d.drive_id AND e.entry_id = $3
      UNION ALL
      SELECT p.entry_id, p.parent_id, p.trashed_seq, up.step + 1 FROM up JOIN entries p ON p.tenant = $1 AND p.entry_id = up.parent_id
    )
    SELECT (array_agg(g.role ORDER BY ${strongestFirst}))[1] AS entry_role, (array_agg(g.entry_id ORDER BY up.step DESC))[1] AS entry_top
    FROM up JOIN entry_grants g ON g.tenant = $1 AND g.entry_id = up.entry_id AND g.subject = ANY (${subjectsOf('$4')})
    WHERE NOT EXISTS (SELECT 1 FROM up WHERE trashed_seq IS NOT NULL)
  ) o ON true
  WHERE d.tenant = $1 AND d.drive_id = $2 AND (g.role IS NOT NULL OR o.entry_role IS NOT NULL)`,
});
