import { pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tenantUser } from './tenant-user.ts';

export const listUsers = defineRoute({
  name: 'listUsers',
  service: 'auth',
  method: 'GET',
  path: '/v1/tenant/users',
  summary: 'The people of the tenant',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(tenantUser),
  errors: ['permission_denied'],
});
