import type { Role } from '@driftbox/domain';
import { statement } from '@driftbox/postgres';

/** A grant with what is known of the person. */
export type GrantRow = {
  readonly subject: string;
  readonly role: Role;
  readonly granted_by: string;
  readonly granted_at: number;
  readonly name: string;
  readonly email: string | null;
};

const shown = `SELECT g.subject, g.role, g.granted_by, g.granted_at, coalesce(u.name, '') AS name, u.email
  FROM grants g LEFT JOIN users u ON u.tenant = $1 AND u.user_id = g.subject WHERE g.tenant = $1 AND g.drive_id = $2`;

/** The grants on a drive by name, after a name and a person. */
export const listGrants = statement({
  name: 'metadata.list-grants',
  text: `${shown} AND ($3::text IS NULL OR (coalesce(u.name, '') COLLATE "C", g.subject) > ($3, $4::uuid))
  ORDER BY coalesce(u.name, '') COLLATE "C", g.subject LIMIT $5`,
});

/** One person's grant on a drive. */
export const readGrant = statement({ name: 'metadata.read-grant', text: `${shown} AND g.subject = $3` });

/** An active person of the tenant, by id ($2) or by address ($3). */
export const findPerson = statement({
  name: 'metadata.find-person',
  text: `SELECT user_id FROM users WHERE tenant = $1 AND state = 'active' AND (user_id = $2 OR lower(email) = $3) LIMIT 1`,
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
