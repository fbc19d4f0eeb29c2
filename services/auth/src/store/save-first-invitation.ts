import { statement, type Transaction } from '@driftbox/postgres';
import type { InvitationRow } from './invitation-row.ts';

const upsert = statement({
  name: 'auth.save-first-invitation',
  text: `INSERT INTO invitations (tenant, invitation_id, secret_hash, email, role, first, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, true, $6, $7)
         ON CONFLICT (tenant) WHERE first DO UPDATE
         SET secret_hash = excluded.secret_hash, email = excluded.email, expires_at = excluded.expires_at`,
});

/** A tenant has one such invitation; asking again replaces its secret. */
export async function saveFirstInvitation(tx: Transaction, row: InvitationRow, secretHash: Buffer): Promise<void> {
  await tx.query(upsert, [
    tx.tenantId,
    row.invitationId,
    secretHash,
    row.email,
    row.role,
    new Date(row.createdMs),
    new Date(row.expiresMs),
  ]);
}
