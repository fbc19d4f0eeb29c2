import { statement } from '@driftbox/postgres';

/** What somebody holds by line, and may hold: their own limit, or the tenant's for each. */
export type UserUsageRow = {
  readonly user_id: string;
  readonly name: string;
  readonly email: string | null;
  readonly current: number;
  readonly history: number;
  readonly trash: number;
  readonly in_flight: number;
  readonly files: number;
  readonly own_limit: number | null;
  readonly user_limit: number | null;
};

const shown = `SELECT u.user_id, u.name, u.email, u.limit_bytes AS own_limit,
    (SELECT user_bytes FROM tenants WHERE tenant = $1) AS user_limit, held.*
  FROM users u CROSS JOIN LATERAL (
    SELECT coalesce(sum(d.current_bytes), 0)::bigint AS current, coalesce(sum(d.history_bytes), 0)::bigint AS history,
      coalesce(sum(d.trash_bytes), 0)::bigint AS trash, coalesce(sum(d.current_files + d.trash_files), 0)::bigint AS files,
      coalesce(sum((SELECT sum(r.left_bytes) FROM reservations r WHERE r.tenant = $1 AND r.drive_id = d.drive_id)), 0)::bigint AS in_flight
    FROM drives d WHERE d.tenant = $1 AND d.owner = u.user_id
  ) held WHERE u.tenant = $1 AND u.state <> 'removed'`;

/** The people of a tenant with what each holds, after a person ($2). */
export const listUserUsage = statement({
  name: 'metadata.list-user-usage',
  text: `${shown} AND ($2::uuid IS NULL OR u.user_id > $2) ORDER BY u.user_id LIMIT $3`,
});

export const readUserUsage = statement({ name: 'metadata.read-user-usage', text: `${shown} AND u.user_id = $2` });

/** Gives somebody a limit of their own, or ($3 null) the tenant's. */
export const setUserLimit = statement({
  name: 'metadata.set-user-limit',
  text: 'UPDATE users SET limit_bytes = $3 WHERE tenant = $1 AND user_id = $2',
});
