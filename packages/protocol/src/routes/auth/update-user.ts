import { z } from 'zod';
import { tenantRoleField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tenantUser } from './tenant-user.ts';

export const updateUser = defineRoute({
  name: 'updateUser',
  service: 'auth',
  method: 'PATCH',
  path: '/v1/tenant/users/:user',
  summary: 'Give somebody another role in the tenant, suspend them, or let them in again',
  auth: 'user',
  params: z.object({ user: userIdField }),
  /** Who is suspended, or gets a lesser role, is signed out everywhere within 5 s; what they own and were given stays. */
  body: z
    .object({ role: tenantRoleField.optional(), status: z.enum(['active', 'suspended']).optional() })
    .refine(({ role, status }) => role !== undefined || status !== undefined, 'says nothing to change'),
  answer: tenantUser,
  errors: ['permission_denied', 'not_found'],
});
