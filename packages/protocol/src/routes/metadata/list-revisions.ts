import { z } from 'zod';
import { driveIdField, entryIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from './entry.ts';

export const listRevisions = defineRoute({
  name: 'listRevisions',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/entries/:entry/revisions',
  summary: 'The retained revisions of an entry, newest first',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: pageQuery(100, 1000),
  answer: pageOf(entry),
  errors: ['not_found', 'moved'],
});
