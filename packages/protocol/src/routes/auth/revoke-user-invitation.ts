import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const revokeUserInvitation = defineRoute({
  name: 'revokeUserInvitation',
  service: 'auth',
  method: 'DELETE',
  path: '/v1/tenant/invitations/:invitation',
  summary: 'Withdraw an invitation to this tenant',
  auth: 'user',
  params: z.object({ invitation: uuidField }),
  status: 204,
  errors: ['permission_denied', 'not_found'],
});
