import { statement } from '@driftbox/postgres';

/** Deletes the links that a person made; what was done through them goes with them. */
export const endLinks = statement({ name: 'share.end-links', text: 'DELETE FROM links WHERE tenant = $1 AND creator = $2' });

/** Takes back what a person offered, and what waits for them. */
export const endOffers = statement({
  name: 'share.end-offers',
  text: `UPDATE invitations SET state = 'revoked', decided_at = $3
  WHERE tenant = $1 AND state = 'open' AND (inviter = $2 OR invitee = $2)`,
});
