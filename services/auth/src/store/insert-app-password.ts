import type { UserId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';

export type NewAppPassword = {
  readonly appPasswordId: string;
  readonly userId: UserId;
  readonly name: string;
  readonly scope: 'read' | 'write';
  readonly secretHash: Buffer;
  readonly createdMs: number;
};

const insert = statement({
  name: 'auth.insert-app-password',
  text: `INSERT INTO app_passwords (tenant, app_password_id, user_id, name, scope, secret_hash, created_at)
         SELECT $1, $2, $3, $4, $5, $6, $7 WHERE (SELECT count(*) FROM app_passwords WHERE tenant = $1 AND user_id = $3) < $8
         RETURNING 1`,
});

/** Answers false when the user has `maximum` already. */
export async function insertAppPassword(tx: Transaction, row: NewAppPassword, maximum: number): Promise<boolean> {
  const values = [tx.tenantId, row.appPasswordId, row.userId, row.name, row.scope, row.secretHash, new Date(row.createdMs), maximum];
  return (await tx.query(insert, values)).rows.length > 0;
}
