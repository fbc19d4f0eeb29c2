import { defineRoute } from '../../route.ts';
import { identity, issuerProof } from './identity.ts';

export const linkIdentity = defineRoute({
  name: 'linkIdentity',
  service: 'auth',
  method: 'POST',
  path: '/v1/me/identities',
  summary: 'Let somebody at an issuer sign in as this user, by the code that the browser brought back',
  auth: 'user',
  body: issuerProof,
  status: 201,
  answer: identity,
  errors: ['permission_denied', 'already_exists', 'quota_exceeded'],
});
