import type { TenantRole } from '@driftbox/domain';

/** An open invitation. `email` is absent only on a first owner's that was not addressed. */
export type InvitationRow = {
  readonly invitationId: string;
  readonly email: string | null;
  readonly role: TenantRole;
  readonly first: boolean;
  readonly createdMs: number;
  readonly expiresMs: number;
};

export const invitationColumns =
  'invitation_id AS "invitationId", email, role, first, created_at AS "createdMs", expires_at AS "expiresMs"';
