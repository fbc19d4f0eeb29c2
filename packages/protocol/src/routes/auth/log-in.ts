import { z } from 'zod';
import { emailField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { deviceIntroduction, signedIn } from './account.ts';

export const logIn = defineRoute({
  name: 'logIn',
  service: 'auth',
  method: 'POST',
  path: '/v1/login',
  summary: 'Sign in with e-mail address and password',
  auth: 'none',
  body: z.object({ email: emailField, password: z.string().min(1).max(256), device: deviceIntroduction }),
  answer: signedIn,
});
