import { z } from 'zod';
import { driveIdField, emailField, groupIdField, timeField, userIdField, uuidField } from '../../fields.ts';

/** A role that can be offered: a drive changes hands by its owner's grant alone. */
export const invitedRoleField = z.enum(['viewer', 'editor', 'manager']);

/** Whom an invitation is for: a person of the tenant, each member of a group, or whoever has an address. */
export const inviteeField = z.union([z.object({ user: userIdField }), z.object({ group: groupIdField }), z.object({ email: emailField })]);

/** An offer of a role on a drive. */
export const driveInvitation = z.object({
  invitationId: uuidField,
  drive: driveIdField,
  driveName: z.string(),
  role: invitedRoleField,
  invitedBy: userIdField,
  inviterName: z.string(),
  /** Who may accept it: a person, or whoever proves that the address is theirs. */
  user: userIdField.optional(),
  email: z.string().optional(),
  state: z.enum(['open', 'expired', 'accepted', 'declined', 'revoked']),
  createdAt: timeField,
  expiresAt: timeField,
});
export type DriveInvitation = z.output<typeof driveInvitation>;
