import { statement, type Transaction } from '@driftbox/postgres';
import { userColumns, type UserRow } from './user-row.ts';

const select = statement({
  name: 'auth.find-user-by-identity',
  text: `SELECT ${userColumns} FROM identities JOIN users USING (tenant, user_id)
         WHERE identities.tenant = $1 AND identities.issuer = $2 AND identities.subject = $3`,
});

/** The user who signs in as this subject of this issuer, whatever their status. */
export async function findUserByIdentity(tx: Transaction, issuer: string, subject: string): Promise<UserRow | undefined> {
  return (await tx.query<UserRow>(select, [tx.tenantId, issuer, subject])).rows[0];
}
