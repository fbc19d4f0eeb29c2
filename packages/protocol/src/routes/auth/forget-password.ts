import { z } from 'zod';
import { emailField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const forgetPassword = defineRoute({
  name: 'forgetPassword',
  service: 'auth',
  method: 'POST',
  path: '/v1/password/forgot',
  summary: 'Mail a link to reset the password; answers alike whether or not the address is known',
  auth: 'none',
  body: z.object({ email: emailField }),
  status: 202,
});
