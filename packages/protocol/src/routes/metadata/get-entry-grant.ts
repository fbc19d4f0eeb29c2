import { z } from 'zod';
import { driveIdField, entryIdField, subjectIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { grant } from './grant.ts';

export const getEntryGrant = defineRoute({
  name: 'getEntryGrant',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/entries/:entry/grants/:subject',
  summary: 'The role of a person or group on a single file or folder',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField, subject: subjectIdField }),
  answer: grant,
  errors: ['not_found', 'moved'],
});
