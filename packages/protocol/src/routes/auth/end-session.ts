import { z } from 'zod';
import { sessionIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const endSession = defineRoute({
  name: 'endSession',
  service: 'auth',
  method: 'DELETE',
  path: '/v1/sessions/:session',
  summary: 'Sign a session out',
  auth: 'user',
  params: z.object({ session: sessionIdField }),
  status: 204,
  errors: ['not_found'],
});
