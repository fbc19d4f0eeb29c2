import { z } from 'zod';
import { defineRoute } from '../../route.ts';
import { issuerNameField } from './issuer.ts';

export const removeIssuer = defineRoute({
  name: 'removeIssuer',
  service: 'auth',
  method: 'DELETE',
  path: '/v1/tenant/issuers/:issuer',
  summary: 'Sign-in by an issuer ends; who is signed in stays so',
  auth: 'user',
  params: z.object({ issuer: issuerNameField }),
  status: 204,
  errors: ['permission_denied', 'not_found'],
});
