import { z } from 'zod';
import { driveIdField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { driveInvitation, invitedRoleField, inviteeField } from './invitation.ts';

export const createInvitations = defineRoute({
  name: 'createInvitations',
  service: 'share',
  method: 'POST',
  path: '/v1/invitations',
  summary: 'Offer a role on a shared drive to a person, to everybody in a group, or to an address whose owner can join the tenant',
  auth: 'user',
  body: z.object({
    drive: driveIdField,
    role: invitedRoleField.default('editor'),
    to: inviteeField,
    /** Default in 14 days, at most in 90. */
    expiresAt: timeField.optional(),
  }),
  status: 201,
  answer: z.object({ items: z.array(driveInvitation) }),
  errors: ['not_found', 'permission_denied', 'already_exists', 'quota_exceeded', 'rate_limited'],
});
