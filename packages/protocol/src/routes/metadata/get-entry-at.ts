import { z } from 'zod';
import { driveIdField, entryIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { pastEntry } from './entry.ts';

export const getEntryAt = defineRoute({
  name: 'getEntryAt',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/at/:seq/entries/:entry',
  summary: 'One entry as it was when the journal stood at a place',
  auth: 'user',
  params: z.object({ drive: driveIdField, seq: z.coerce.number().int().min(0), entry: entryIdField }),
  answer: pastEntry,
  errors: ['not_found'],
});
