import { z } from 'zod';
import { sessionIdField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const endUserSession = defineRoute({
  name: 'endUserSession',
  service: 'auth',
  method: 'DELETE',
  path: '/v1/tenant/users/:user/sessions/:session',
  summary: 'Sign a session of somebody of the tenant out',
  auth: 'user',
  params: z.object({ user: userIdField, session: sessionIdField }),
  status: 204,
  errors: ['permission_denied', 'not_found'],
});
