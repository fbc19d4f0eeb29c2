import { z } from 'zod';
import { secretField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { deviceIntroduction, signedIn } from './account.ts';
import { issuerProof } from './identity.ts';

export const exchangeSignIn = defineRoute({
  name: 'exchangeSignIn',
  service: 'auth',
  method: 'POST',
  path: '/v1/oauth/token',
  summary: 'Sign in with the code that the browser brought back',
  auth: 'none',
  /**
   * `password` proves the account that has the address already, which is then linked; `invitation` is one's to join with,
   * where the address alone does not tell.
   */
  body: issuerProof.extend({
    device: deviceIntroduction,
    password: z.string().min(1).max(256).optional(),
    invitation: secretField.optional(),
  }),
  answer: signedIn,
  errors: ['permission_denied', 'proof_required', 'already_exists', 'quota_exceeded'],
});
