import { z } from 'zod';
import { defineRoute } from '../../route.ts';

export const getKeys = defineRoute({
  name: 'getKeys',
  service: 'auth',
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'The public keys that verify access tokens (RFC 7517)',
  auth: 'none',
  anyTenant: true,
  answer: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
});
