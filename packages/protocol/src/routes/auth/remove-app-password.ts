import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const removeAppPassword = defineRoute({
  name: 'removeAppPassword',
  service: 'auth',
  method: 'DELETE',
  path: '/v1/app-passwords/:appPassword',
  summary: 'Remove an app password',
  auth: 'user',
  params: z.object({ appPassword: uuidField }),
  status: 204,
  errors: ['not_found'],
});
