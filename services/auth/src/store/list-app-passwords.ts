import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

export type AppPasswordRow = {
  readonly appPasswordId: string;
  readonly name: string;
  readonly scope: 'read' | 'write';
  readonly createdMs: number;
  readonly lastUsedMs: number | null;
};

const select = statement({
  name: 'auth.list-app-passwords',
  text: `SELECT app_password_id AS "appPasswordId", name, scope, created_at AS "createdMs", last_used_at AS "lastUsedMs" FROM app_passwords
         WHERE tenant = $1 AND user_id = $2 AND ($3::uuid IS NULL OR app_password_id > $3) ORDER BY app_password_id LIMIT $4`,
});

/** A user's app passwords, oldest first. */
export async function listAppPasswords(
  tx: Transaction,
  userId: UserId,
  after: string | undefined,
  limit: number,
): Promise<AppPasswordRow[]> {
  return (await tx.query<AppPasswordRow>(select, [tx.tenantId, userId, after ?? null, limit])).rows;
}
