import { statement, type Transaction } from '@driftbox/postgres';
import { invitationColumns, type InvitationRow } from './invitation-row.ts';

const insert = (arbiter: 'invitee' | 'email'): string => `INSERT INTO invitations AS i
    (tenant, invitation_id, drive_id, drive_name, role, inviter, inviter_name, invitee, email, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  ON CONFLICT (tenant, drive_id, ${arbiter}) WHERE state = 'open' AND ${arbiter} IS NOT NULL
  DO UPDATE SET role = $5, drive_name = $4, inviter = $6, inviter_name = $7, created_at = $10, expires_at = $11
  RETURNING ${invitationColumns}, xmax = 0 AS fresh`;
const toPerson = statement({ name: 'share.invite-person', text: insert('invitee') });
const toAddress = statement({ name: 'share.invite-address', text: insert('email') });

/** Writes an offer; one that is open to the same person for the same drive is renewed and keeps its id, and is not `fresh`. */
export async function saveInvitation(tx: Transaction, row: InvitationRow): Promise<InvitationRow & { readonly fresh: boolean }> {
  const { rows } = await tx.query<InvitationRow & { readonly fresh: boolean }>(row.invitee === null ? toAddress : toPerson, [
    tx.tenantId,
    row.invitationId,
    row.drive,
    row.driveName,
    row.role,
    row.inviter,
    row.inviterName,
    row.invitee,
    row.email,
    new Date(row.createdMs),
    new Date(row.expiresMs),
  ]);
  const [saved] = rows;
  if (saved === undefined) throw new Error('an invitation is written or renewed');
  return saved;
}

/** How many offers of a person are open, and how many they made since `$4`, whatever became of them. */
export const countInvitations = statement({
  name: 'share.count-invitations',
  text: `SELECT count(*) FILTER (WHERE state = 'open' AND expires_at > $3) AS open, count(*) FILTER (WHERE created_at > $4) AS lately
  FROM invitations WHERE tenant = $1 AND inviter = $2`,
});
