import { z } from 'zod';
import { driveIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { grant } from './grant.ts';

export const listGrants = defineRoute({
  name: 'listGrants',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/grants',
  summary: 'Who may do what in a drive, by name; whoever may read the drive may know',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  query: pageQuery(100, 1000),
  answer: pageOf(grant),
  errors: ['not_found'],
});
