import { statement, type Transaction } from '@driftbox/postgres';

const remove = statement({
  name: 'auth.delete-invitation',
  text: 'DELETE FROM invitations WHERE tenant = $1 AND invitation_id = $2 AND NOT first RETURNING 1',
});

/** Answers false when there is no such invitation. */
export async function deleteInvitation(tx: Transaction, invitationId: string): Promise<boolean> {
  return (await tx.query(remove, [tx.tenantId, invitationId])).rows.length > 0;
}
