import { statement, type Transaction } from '@driftbox/postgres';
import { invitationColumns, type InvitationRow } from './invitation-row.ts';

const remove = statement({
  name: 'auth.take-invitation',
  text: `DELETE FROM invitations WHERE tenant = $1 AND secret_hash = $2 AND expires_at > $3 AND (email IS NULL OR email = $4)
         RETURNING ${invitationColumns}`,
});

/** Uses an invitation up for this address; it works once, and again only if the transaction fails. */
export async function takeInvitation(
  tx: Transaction,
  secretHash: Buffer,
  email: string,
  nowMs: number,
): Promise<InvitationRow | undefined> {
  return (await tx.query<InvitationRow>(remove, [tx.tenantId, secretHash, new Date(nowMs), email])).rows[0];
}
