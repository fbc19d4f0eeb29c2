import { statement, type Transaction } from '@driftbox/postgres';
import { invitationColumns, type InvitationRow } from './invitation-row.ts';

const remove = statement({
  name: 'auth.take-invitation-of',
  text: `DELETE FROM invitations WHERE tenant = $1 AND email = $2 AND NOT first AND expires_at > $3 RETURNING ${invitationColumns}`,
});

/** Uses up the invitation to a proven address, without its secret. A first owner's is not among them: it needs its secret. */
export async function takeInvitationOf(tx: Transaction, email: string, nowMs: number): Promise<InvitationRow | undefined> {
  return (await tx.query<InvitationRow>(remove, [tx.tenantId, email, new Date(nowMs)])).rows[0];
}
