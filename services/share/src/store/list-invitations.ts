import { statement } from '@driftbox/postgres';
import { invitationColumns } from './invitation-row.ts';

/** What waits for a person ($2) or an address of theirs ($3), after an id ($4), as of now ($6). */
export const listReceived = statement({
  name: 'share.list-received-invitations',
  text: `SELECT ${invitationColumns} FROM invitations WHERE tenant = $1 AND (invitee = $2 OR email = $3) AND state = 'open'
    AND expires_at > $6 AND ($4::uuid IS NULL OR invitation_id > $4) ORDER BY invitation_id LIMIT $5`,
});

/** What was offered by a person ($2) or on a drive ($3), whichever is given, after an id ($4). */
export const listSent = statement({
  name: 'share.list-sent-invitations',
  text: `SELECT ${invitationColumns} FROM invitations WHERE tenant = $1 AND ($2::uuid IS NULL OR inviter = $2)
    AND ($3::uuid IS NULL OR drive_id = $3) AND ($4::uuid IS NULL OR invitation_id > $4) ORDER BY invitation_id LIMIT $5`,
});

/** One, held until the transaction ends: whoever decides about it takes turns. */
export const lockInvitation = statement({
  name: 'share.lock-invitation',
  text: `SELECT ${invitationColumns} FROM invitations WHERE tenant = $1 AND invitation_id = $2 FOR UPDATE`,
});

/** What became of one, and who took it. */
export const decideInvitation = statement({
  name: 'share.decide-invitation',
  text: `UPDATE invitations SET state = $3, invitee = coalesce(invitee, $4), decided_at = $5
  WHERE tenant = $1 AND invitation_id = $2`,
});
