import assert from 'node:assert/strict';
import { statement, type Transaction } from '@driftbox/postgres';
import { invitationColumns, type InvitationRow } from './invitation-row.ts';

const upsert = statement({
  name: 'auth.save-invitation',
  text: `INSERT INTO invitations (tenant, invitation_id, secret_hash, email, role, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant, email) WHERE NOT first
         DO UPDATE SET secret_hash = excluded.secret_hash, role = excluded.role, expires_at = excluded.expires_at
         RETURNING ${invitationColumns}`,
});

/** Invites an address; inviting it again renews the one invitation under a new secret. */
export async function saveInvitation(tx: Transaction, row: InvitationRow, secretHash: Buffer): Promise<InvitationRow> {
  const values = [tx.tenantId, row.invitationId, secretHash, row.email, row.role, new Date(row.createdMs), new Date(row.expiresMs)];
  const [saved] = (await tx.query<InvitationRow>(upsert, values)).rows;
  assert(saved !== undefined, 'an upsert answers its row');
  return saved;
}
