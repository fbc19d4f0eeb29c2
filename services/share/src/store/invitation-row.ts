import type { DriveId, UserId } from '@driftbox/domain';

/** An invitation as it is stored, times in milliseconds. */
export type InvitationRow = {
  readonly invitationId: string;
  readonly drive: DriveId;
  readonly driveName: string;
  readonly role: 'viewer' | 'editor' | 'manager';
  readonly inviter: UserId;
  readonly inviterName: string;
  readonly invitee: UserId | null;
  readonly email: string | null;
  readonly state: 'open' | 'accepted' | 'declined' | 'revoked';
  readonly createdMs: number;
  readonly expiresMs: number;
};

/** The select list of an `InvitationRow`. */
export const invitationColumns = `invitation_id AS "invitationId", drive_id AS drive, drive_name AS "driveName", role, inviter,
  inviter_name AS "inviterName", invitee, email, state, created_at AS "createdMs", expires_at AS "expiresMs"`;
