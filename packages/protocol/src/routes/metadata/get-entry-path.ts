import { z } from 'zod';
import { driveIdField, entryIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const getEntryPath = defineRoute({
  name: 'getEntryPath',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/entries/:entry/path',
  summary: 'The ancestors of an entry from the root down, ending with the entry',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  answer: z.object({ path: z.string(), ancestors: z.array(z.object({ entryId: entryIdField, name: z.string() })) }),
  errors: ['not_found', 'moved'],
});
