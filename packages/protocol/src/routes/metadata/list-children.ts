import { z } from 'zod';
import { driveIdField, entryIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from './entry.ts';

export const listChildren = defineRoute({
  name: 'listChildren',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/entries/:entry/children',
  summary: "The live entries in a folder, by name; the drive's rootId lists the top level",
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: pageQuery(1000, 10_000),
  answer: pageOf(entry),
  errors: ['not_found', 'moved'],
});
