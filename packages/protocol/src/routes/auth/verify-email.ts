import { z } from 'zod';
import { secretField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const verifyEmail = defineRoute({
  name: 'verifyEmail',
  service: 'auth',
  method: 'POST',
  path: '/v1/email/verify',
  summary: 'Prove the e-mail address with the mailed secret',
  auth: 'none',
  body: z.object({ token: secretField }),
  status: 204,
  errors: ['permission_denied'],
});
