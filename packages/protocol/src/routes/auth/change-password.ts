import { z } from 'zod';
import { passwordField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const changePassword = defineRoute({
  name: 'changePassword',
  service: 'auth',
  method: 'POST',
  path: '/v1/password/change',
  summary: 'Change the password and end all other sessions',
  auth: 'user',
  body: z.object({ currentPassword: z.string().min(1).max(256), newPassword: passwordField }),
  status: 204,
  errors: ['permission_denied'],
});
