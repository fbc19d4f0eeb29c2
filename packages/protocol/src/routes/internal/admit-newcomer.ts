import { z } from 'zod';
import { emailField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const admitNewcomer = defineRoute({
  name: 'admitNewcomer',
  service: 'auth',
  method: 'POST',
  path: '/internal/v1/newcomers',
  summary: 'May whoever has this address join the tenant? Where only an invitation is missing that the acting user may make, it is made',
  auth: 'service',
  body: z.object({ email: emailField }),
  /** `open`: anybody signs up; `invited`: by the invitation that was mailed. */
  answer: z.object({ way: z.enum(['open', 'invited']) }),
  errors: ['permission_denied'],
});
