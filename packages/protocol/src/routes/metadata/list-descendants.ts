import { z } from 'zod';
import { driveIdField, entryIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from './entry.ts';

export const listDescendants = defineRoute({
  name: 'listDescendants',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/entries/:entry/descendants',
  summary: 'Everything live below a folder, parents before their children',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: pageQuery(1000, 10_000),
  answer: pageOf(entry),
  errors: ['not_found', 'moved'],
});
