import { z } from 'zod';
import { secretField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { signedIn } from './account.ts';

export const refreshToken = defineRoute({
  name: 'refreshToken',
  service: 'auth',
  method: 'POST',
  path: '/v1/token/refresh',
  summary: 'Exchange a refresh token for a new pair; a token used twice ends its whole family',
  auth: 'none',
  body: z.object({ refreshToken: secretField }),
  answer: signedIn,
});
