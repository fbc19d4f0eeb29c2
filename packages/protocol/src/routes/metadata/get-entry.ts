import { z } from 'zod';
import { driveIdField, entryIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from './entry.ts';

export const getEntry = defineRoute({
  name: 'getEntry',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/entries/:entry',
  summary: 'One entry',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  answer: entry,
  errors: ['not_found', 'moved'],
});
