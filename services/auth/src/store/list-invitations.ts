import { statement, type Transaction } from '@driftbox/postgres';
import { invitationColumns, type InvitationRow } from './invitation-row.ts';

const select = statement({
  name: 'auth.list-invitations',
  text: `SELECT ${invitationColumns} FROM invitations
         WHERE tenant = $1 AND NOT first AND expires_at > $2 AND ($3::uuid IS NULL OR invitation_id > $3)
         ORDER BY invitation_id LIMIT $4`,
});

/** Open invitations, oldest first. */
export async function listInvitations(tx: Transaction, nowMs: number, after: string | undefined, limit: number): Promise<InvitationRow[]> {
  return (await tx.query<InvitationRow>(select, [tx.tenantId, new Date(nowMs), after ?? null, limit])).rows;
}
