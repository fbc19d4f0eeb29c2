import { pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { group } from './group.ts';

export const listGroups = defineRoute({
  name: 'listGroups',
  service: 'metadata',
  method: 'GET',
  path: '/v1/groups',
  summary: 'The groups of the tenant, by name; guests are shown none',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(group),
  errors: ['permission_denied'],
});
