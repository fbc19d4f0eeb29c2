import type { Mail } from '@driftbox/mail';
import type { InvitationRow } from './store/invitation-row.ts';

const verbs = { viewer: 'read', editor: 'read and change', manager: 'look after' } as const;

/** How somebody without an account gets one: by signing up, or with an invitation to the tenant, which came in a mail of its own. */
export type WayIn = 'open' | 'invited';

/**
 * Tells somebody of what they were offered. To an address without an account it says how to get one: the offer is theirs once they
 * have proven the address. It holds no secret: who reads along cannot accept.
 */
export function invitationMail(to: string, row: InvitationRow, way: WayIn, publicUrl: string | undefined): Mail {
  const { driveName, inviterName, role, invitationId, expiresMs, invitee } = row;
  const inviter = inviterName === '' ? 'Somebody' : inviterName;
  const until = new Date(expiresMs).toISOString().slice(0, 10);
  const where = publicUrl === undefined ? '' : ` at ${publicUrl}`;
  const join =
    way === 'open'
      ? `sign up${where} with this address and confirm it`
      : `sign up${where} with this address and the invitation that another mail brings you`;
  const first = invitee === null ? `You have no account there yet: ${join}. Then accept:` : `To accept it${where}:`;
  return {
    to,
    subject: `${inviter} invites you to ${driveName}`,
    text:
      `${inviter} invites you to ${verbs[role]} the shared folder "${driveName}".\n\n${first}\n\n` +
      `  driftbox invitations accept ${invitationId}\n\n` +
      `The invitation ends on ${until}. If you do not know what this is about, ignore it: nothing happens unless you accept.\n`,
  };
}
