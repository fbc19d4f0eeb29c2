import { z } from 'zod';
import { emailField, timeField, uuidField } from '../../fields.ts';

/** A person at an issuer who signs in as this user. */
export const identity = z.object({
  identityId: uuidField,
  issuer: z.string(),
  email: emailField.optional(),
  linkedAt: timeField,
  lastUsedAt: timeField.optional(),
});

const pkce = /^[A-Za-z0-9._~-]{43,128}$/;

/** What a client holds after a person came back from an issuer: the code works once, and only with the verifier (RFC 7636). */
export const issuerProof = z.object({
  code: z.string().min(16).max(512),
  codeVerifier: z.string().regex(pkce, 'is not a code verifier of 43 to 128 characters'),
});
export type IssuerProof = z.output<typeof issuerProof>;
