import { z } from 'zod';
import { driveIdField, emailField, roleField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { invitedRoleField, inviteeField } from '../share/invitation.ts';

export const describeInvitees = defineRoute({
  name: 'describeInvitees',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/:drive/invitees',
  summary: 'May the acting user offer this role on a drive, and whom does that name? People who have a role already are left out',
  auth: 'service',
  readOnly: true,
  params: z.object({ drive: driveIdField }),
  body: z.object({ role: invitedRoleField, to: inviteeField }),
  answer: z.object({
    drive: z.string(),
    inviter: z.string(),
    role: roleField,
    people: z.array(z.object({ user: userIdField, name: z.string(), email: emailField.optional() })),
    /** The address, where nobody of the tenant has it. */
    stranger: z.string().optional(),
  }),
  errors: ['not_found', 'permission_denied'],
});
