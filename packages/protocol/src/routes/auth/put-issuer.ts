import { z } from 'zod';
import { defineRoute } from '../../route.ts';
import { issuerNameField, issuerTerms, issuerView } from './issuer.ts';

export const putIssuer = defineRoute({
  name: 'putIssuer',
  service: 'auth',
  method: 'PUT',
  path: '/v1/tenant/issuers/:issuer',
  summary: 'Let the people of the tenant sign in by an issuer',
  auth: 'user',
  params: z.object({ issuer: issuerNameField }),
  body: issuerTerms,
  answer: issuerView,
  errors: ['permission_denied', 'already_exists', 'quota_exceeded'],
});
