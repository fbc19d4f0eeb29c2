import { statement, type Transaction } from '@driftbox/postgres';
import type { UserRow } from './user-row.ts';

const insert = statement({
  name: 'auth.insert-user',
  text: `INSERT INTO users (tenant, user_id, email, email_verified, display_name, role, status, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
});

/** Violates `users_email` when the address is taken. */
export async function insertUser(tx: Transaction, user: UserRow): Promise<void> {
  await tx.query(insert, [
    tx.tenantId,
    user.userId,
    user.email,
    user.emailVerified,
    user.displayName,
    user.role,
    user.status,
    user.passwordHash,
    new Date(user.createdAtMs),
  ]);
}
