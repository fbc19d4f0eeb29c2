import { z } from 'zod';
import { driveIdField, entryIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { pastEntry } from './entry.ts';

export const listChildrenAt = defineRoute({
  name: 'listChildrenAt',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/at/:seq/entries/:entry/children',
  summary: 'A folder as it was when the journal stood at a place',
  auth: 'user',
  params: z.object({ drive: driveIdField, seq: z.coerce.number().int().min(0), entry: entryIdField }),
  query: pageQuery(1000, 10_000),
  answer: pageOf(pastEntry),
  errors: ['not_found'],
});
