import { z } from 'zod';
import { pageOf, pageQuery, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { openSession } from './list-sessions.ts';

export const listUserSessions = defineRoute({
  name: 'listUserSessions',
  service: 'auth',
  method: 'GET',
  path: '/v1/tenant/users/:user/sessions',
  summary: 'Where somebody of the tenant is signed in, for its administrators',
  auth: 'user',
  params: z.object({ user: userIdField }),
  query: pageQuery(100, 1000),
  answer: pageOf(openSession),
  errors: ['permission_denied', 'not_found'],
});
