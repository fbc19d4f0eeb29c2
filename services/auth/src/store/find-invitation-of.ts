import { statement, type Transaction } from '@driftbox/postgres';
import { invitationColumns, type InvitationRow } from './invitation-row.ts';

const select = statement({
  name: 'auth.find-invitation-of',
  text: `SELECT ${invitationColumns} FROM invitations WHERE tenant = $1 AND email = $2 AND NOT first AND expires_at > $3`,
});

/** The open invitation to an address, a first owner's not among them. */
export async function findInvitationOf(tx: Transaction, email: string, nowMs: number): Promise<InvitationRow | undefined> {
  return (await tx.query<InvitationRow>(select, [tx.tenantId, email, new Date(nowMs)])).rows[0];
}
