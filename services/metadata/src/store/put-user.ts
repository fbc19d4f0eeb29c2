import { statement } from '@driftbox/postgres';

/** Brings the copy of a user up to an event's time; an older event changes nothing. Fields left out stay as they are. */
export const putUser = statement({
  name: 'metadata.put-user',
  text: `INSERT INTO users AS u (tenant, user_id, name, email, state, version, email_verified, role)
  VALUES ($1, $2, coalesce($3, ''), $4, coalesce($5, 'active'), $6, coalesce($7, false), $8)
  ON CONFLICT (tenant, user_id) DO UPDATE SET name = coalesce($3, u.name), email = coalesce($4, u.email), state = coalesce($5,
    u.state), version = $6, email_verified = coalesce($7, u.email_verified), role = coalesce($8, u.role)
  WHERE u.version <= $6`,
});
