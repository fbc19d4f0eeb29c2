import { pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { identity } from './identity.ts';

export const listIdentities = defineRoute({
  name: 'listIdentities',
  service: 'auth',
  method: 'GET',
  path: '/v1/me/identities',
  summary: 'Who at which issuer signs in as this user',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(identity),
});
