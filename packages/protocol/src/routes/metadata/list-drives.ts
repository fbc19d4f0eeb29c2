import { pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { drive } from './drive.ts';

export const listDrives = defineRoute({
  name: 'listDrives',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives',
  summary: 'The drives this user may read; the home drive comes first and is made when first asked for',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(drive),
});
