import { z } from 'zod';
import { driveIdField, entryIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { grant } from './grant.ts';

export const listEntryGrants = defineRoute({
  name: 'listEntryGrants',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/entries/:entry/grants',
  summary: 'Who holds a role on this file or folder itself, by name; whoever may read it may know',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: pageQuery(100, 1000),
  answer: pageOf(grant),
  errors: ['not_found', 'moved'],
});
