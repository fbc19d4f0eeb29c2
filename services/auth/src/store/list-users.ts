import { statement, type Transaction } from '@driftbox/postgres';
import { userColumns, type UserRow } from './user-row.ts';

/** A user, and when one of their devices last signed in. */
export type SeenUser = UserRow & { readonly lastSeenMs: number | null };

const select = statement({
  name: 'auth.list-users',
  text: `SELECT ${userColumns}, (SELECT max(last_seen_at) FROM devices WHERE devices.tenant = $1 AND devices.user_id = users.user_id)
           AS "lastSeenMs"
         FROM users WHERE tenant = $1 AND ($2::uuid IS NULL OR user_id > $2) ORDER BY user_id LIMIT $3`,
});

/** The people of the tenant, those who joined first before the others. */
export async function listUsers(tx: Transaction, after: string | undefined, limit: number): Promise<SeenUser[]> {
  return (await tx.query<SeenUser>(select, [tx.tenantId, after ?? null, limit])).rows;
}
