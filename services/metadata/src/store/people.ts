import { statement } from '@driftbox/postgres';

/** A person as invitations know them. */
export type PersonRow = { readonly user_id: string; readonly name: string; readonly email: string | null; readonly invited: boolean };

/**
 * Active people by id ($3), by group ($4) or by address ($5); `invited` is false for who has a role on the drive ($2) by
 * themselves already. At most 1,000, as many as a group has.
 */
export const listInvitees = statement({
  name: 'metadata.list-invitees',
  text: `SELECT u.user_id, u.name, u.email,
    NOT EXISTS (SELECT 1 FROM grants g WHERE g.tenant = $1 AND g.drive_id = $2 AND g.subject = u.user_id) AS invited
  FROM users u WHERE u.tenant = $1 AND u.state = 'active' AND (u.user_id = $3 OR lower(u.email) = $5
    OR u.user_id IN (SELECT m.user_id FROM group_members m WHERE m.tenant = $1 AND m.group_id = $4))
  ORDER BY u.user_id LIMIT 1000`,
});

/** What is known of a person. */
export const readPerson = statement({
  name: 'metadata.read-person',
  text: 'SELECT name, email, email_verified, state FROM users WHERE tenant = $1 AND user_id = $2',
});

/** Who administers the tenant, at most 1,000; nobody while their roles are not known yet. */
export const listAdministrators = statement({
  name: 'metadata.list-administrators',
  text: `SELECT user_id FROM users WHERE tenant = $1 AND role IN ('owner', 'admin') AND state = 'active' ORDER BY user_id LIMIT 1000`,
});
