import type { TenantRole } from '@driftbox/domain';
import type { InvitationRow } from './store/invitation-row.ts';

/** An invitation as administrators see it: never its secret. */
export function presentInvitation(row: InvitationRow): {
  invitationId: string;
  email: string;
  role: TenantRole;
  createdAt: string;
  expiresAt: string;
} {
  return {
    invitationId: row.invitationId,
    email: row.email ?? '',
    role: row.role,
    createdAt: new Date(row.createdMs).toISOString(),
    expiresAt: new Date(row.expiresMs).toISOString(),
  };
}
