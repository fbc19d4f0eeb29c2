import { statement } from '@driftbox/postgres';

/** Somebody in a group, with what is known of them. */
export type MemberRow = {
  readonly user_id: string;
  readonly name: string;
  readonly email: string | null;
  readonly added_at: number;
};

const shown = `SELECT m.user_id, coalesce(u.name, '') AS name, u.email, m.added_at FROM group_members m
  LEFT JOIN users u ON u.tenant = $1 AND u.user_id = m.user_id WHERE m.tenant = $1 AND m.group_id = $2`;

/** The people in a group by name, after a name and a person. */
export const listMembers = statement({
  name: 'metadata.list-group-members',
  text: `${shown} AND ($3::text IS NULL OR (coalesce(u.name, '') COLLATE "C", m.user_id) > ($3, $4::uuid))
  ORDER BY coalesce(u.name, '') COLLATE "C", m.user_id LIMIT $5`,
});

export const readMember = statement({ name: 'metadata.read-group-member', text: `${shown} AND m.user_id = $3` });

/** No row for who was in it already. */
export const insertMember = statement({
  name: 'metadata.insert-group-member',
  text: `INSERT INTO group_members (tenant, group_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING user_id`,
});

/** No row for who was not in it. */
export const deleteMember = statement({
  name: 'metadata.delete-group-member',
  text: 'DELETE FROM group_members WHERE tenant = $1 AND group_id = $2 AND user_id = $3 RETURNING user_id',
});
