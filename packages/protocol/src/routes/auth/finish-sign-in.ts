import { z } from 'zod';
import { defineRoute } from '../../route.ts';
import { issuerNameField } from './issuer.ts';

export const finishSignIn = defineRoute({
  name: 'finishSignIn',
  service: 'auth',
  method: 'GET',
  path: '/v1/oauth/:issuer/callback',
  summary: 'Where an issuer sends the browser back to',
  auth: 'none',
  params: z.object({ issuer: issuerNameField }),
  /** As the issuer sends it (RFC 6749, section 4.1.2; RFC 9207); what else it sends is dropped. */
  query: z.object({
    state: z.string().min(1).max(256),
    code: z.string().min(1).max(4096).optional(),
    iss: z.string().max(512).optional(),
    error: z.string().max(128).optional(),
  }),
  status: 302,
  errors: ['not_found', 'permission_denied'],
});
