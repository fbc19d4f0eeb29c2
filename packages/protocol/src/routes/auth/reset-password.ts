import { z } from 'zod';
import { passwordField, secretField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const resetPassword = defineRoute({
  name: 'resetPassword',
  service: 'auth',
  method: 'POST',
  path: '/v1/password/reset',
  summary: 'Set a new password with the mailed secret and end all sessions',
  auth: 'none',
  body: z.object({ token: secretField, newPassword: passwordField }),
  status: 204,
  errors: ['permission_denied'],
});
