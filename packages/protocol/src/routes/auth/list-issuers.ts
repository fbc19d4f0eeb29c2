import { pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { issuerView } from './issuer.ts';

export const listIssuers = defineRoute({
  name: 'listIssuers',
  service: 'auth',
  method: 'GET',
  path: '/v1/tenant/issuers',
  summary: 'By which issuers the people of the tenant sign in',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(issuerView),
  errors: ['permission_denied'],
});
