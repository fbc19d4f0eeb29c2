import type { Role, SubjectId } from '@driftbox/domain';
import { statement } from '@driftbox/postgres';

/** A grant with what is known of the person or group. */
export type GrantRow = {
  readonly subject: string;
  readonly kind: 'user' | 'group';
  readonly role: Role;
  readonly granted_by: string;
  readonly granted_at: number;
  readonly name: string;
  readonly email: string | null;
};

/** Who a grant's subject is: groups and people have no id in common. */
export const grantedName = `coalesce(p.name, u.name, '')`;

/** A query of the `GrantRow`s of a table of grants; what they are on is for a condition to say. */
export const selectGrants = (table: 'grants' | 'entry_grants'): string =>
  `SELECT g.subject, CASE WHEN p.group_id IS NULL THEN 'user' ELSE 'group' END AS kind, g.role, g.granted_by, g.granted_at,
    ${grantedName} AS name, u.email
  FROM ${table} g LEFT JOIN users u ON u.tenant = $1 AND u.user_id = g.subject
  LEFT JOIN groups p ON p.tenant = $1 AND p.group_id = g.subject WHERE g.tenant = $1`;

/** Of such a query at most $5, by name, after a name ($3) and a subject ($4). */
export const pageOfGrants = (grants: string): string =>
  `${grants} AND ($3::text IS NULL OR (${grantedName} COLLATE "C", g.subject) > ($3, $4::uuid))
  ORDER BY ${grantedName} COLLATE "C", g.subject LIMIT $5`;

const shown = `${selectGrants('grants')} AND g.drive_id = $2`;

/** The grants on a drive by name, after a name and a subject. */
export const listGrants = statement({ name: 'metadata.list-grants', text: pageOfGrants(shown) });

/** The grant of one person or group on a drive. */
export const readGrant = statement({ name: 'metadata.read-grant', text: `${shown} AND g.subject = $3` });

/** Whom a role can be given: `group` tells groups from people. */
export type GranteeRow = { readonly subject: SubjectId; readonly group: boolean };

/** An active person of the tenant, by id ($2) or by address ($3), or a group by its id ($2). */
export const findGrantee = statement({
  name: 'metadata.find-grantee',
  text: `(SELECT user_id AS subject, false AS group FROM users
    WHERE tenant = $1 AND state = 'active' AND (user_id = $2 OR lower(email) = $3) LIMIT 1)
  UNION ALL SELECT group_id, true FROM groups WHERE tenant = $1 AND group_id = $2`,
});

/** The people whose drives change when this subject's roles do: a group's, or the person themselves. */
export const listPeople = statement({
  name: 'metadata.list-people',
  text: `SELECT user_id FROM group_members WHERE tenant = $1 AND group_id = $2
  UNION ALL SELECT $2::uuid WHERE NOT EXISTS (SELECT 1 FROM groups WHERE tenant = $1 AND group_id = $2)`,
});

export const writeGrant = statement({
  name: 'metadata.write-grant',
  text: `INSERT INTO grants (tenant, drive_id, subject, role, granted_by) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (tenant, drive_id, subject) DO UPDATE SET role = $4, granted_by = $5, granted_at = now()`,
});

export const dropGrant = statement({
  name: 'metadata.drop-grant',
  text: 'DELETE FROM grants WHERE tenant = $1 AND drive_id = $2 AND subject = $3',
});
