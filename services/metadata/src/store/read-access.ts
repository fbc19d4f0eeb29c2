import { statement } from '@driftbox/postgres';
import { grantOf, strongestFirst, subjectsOf } from './role-of.ts';

const columns = `d.drive_id, d.root_id, d.kind, d.owner, d.name, d.epoch, d.seq, d.horizon_seq, d.locked, d.current_files,
  d.current_bytes, d.history_files,
  d.history_bytes, d.trash_files, d.trash_bytes, d.allowance_bytes, d.allowance_files, d.created_at, g.role`;

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
