import { z } from 'zod';
import { defineRoute } from '../../route.ts';
import { issuerNameField } from './issuer.ts';

const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\]):\d{1,5}(\/[A-Za-z0-9._~/-]*)?$/;

export const startSignIn = defineRoute({
  name: 'startSignIn',
  service: 'auth',
  method: 'GET',
  path: '/v1/oauth/:issuer/start',
  summary: 'Send a browser to an issuer to sign in',
  auth: 'none',
  params: z.object({ issuer: issuerNameField }),
  query: z.object({
    /** Where the browser brings the code: an address of this machine, any port (RFC 8252, section 7.3). */
    redirectUri: z.string().max(512).regex(loopback, 'is not an address such as http://127.0.0.1:49152/callback'),
    codeChallenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is not the SHA-256 of a verifier in base64url'),
    /** Handed back with the code, so that the client knows its own. */
    state: z
      .string()
      .min(8)
      .max(128)
      .regex(/^[A-Za-z0-9._~-]+$/),
  }),
  status: 302,
  errors: ['not_found', 'unavailable'],
});
