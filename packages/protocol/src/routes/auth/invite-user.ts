import { z } from 'zod';
import { emailField, tenantRoleField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { invitation } from './invitation.ts';

export const inviteUser = defineRoute({
  name: 'inviteUser',
  service: 'auth',
  method: 'POST',
  path: '/v1/tenant/invitations',
  summary: 'Mail somebody an invitation to this tenant',
  auth: 'user',
  body: z.object({ email: emailField, role: tenantRoleField.default('member') }),
  status: 201,
  answer: invitation,
  errors: ['permission_denied', 'already_exists'],
});
