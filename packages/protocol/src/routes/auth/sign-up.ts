import { z } from 'zod';
import { emailField, passwordField, secretField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { deviceIntroduction, signedIn } from './account.ts';

export const signUp = defineRoute({
  name: 'signUp',
  service: 'auth',
  method: 'POST',
  path: '/v1/signup',
  summary: 'Create a user, by open sign-up or by invitation, and sign in',
  auth: 'none',
  body: z.object({
    email: emailField,
    password: passwordField,
    displayName: z.string().trim().min(1).max(100),
    device: deviceIntroduction,
    invitation: secretField.optional(),
  }),
  status: 201,
  answer: signedIn,
  errors: ['permission_denied', 'already_exists', 'quota_exceeded'],
});
