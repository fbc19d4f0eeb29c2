import type { DriveInvitation } from '@driftbox/protocol';
import type { InvitationRow } from './store/invitation-row.ts';

/** True for what can still be accepted. */
export function isOpen({ state, expiresMs }: Pick<InvitationRow, 'state' | 'expiresMs'>, nowMs: number): boolean {
  return state === 'open' && nowMs < expiresMs;
}

/** An invitation on the wire. */
export function presentInvitation(row: InvitationRow, nowMs: number): DriveInvitation {
  const { invitationId, drive, driveName, role, inviter, inviterName, invitee, email, state, createdMs, expiresMs } = row;
  return {
    invitationId,
    drive,
    driveName,
    role,
    invitedBy: inviter,
    inviterName,
    ...(invitee === null ? {} : { user: invitee }),
    ...(email === null ? {} : { email }),
    state: state === 'open' && !isOpen(row, nowMs) ? 'expired' : state,
    createdAt: new Date(createdMs).toISOString(),
    expiresAt: new Date(expiresMs).toISOString(),
  };
}
