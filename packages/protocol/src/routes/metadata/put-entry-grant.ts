import { z } from 'zod';
import { driveIdField, entryIdField, entryRoleField, subjectIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { grant } from './grant.ts';

export const putEntryGrant = defineRoute({
  name: 'putEntryGrant',
  service: 'metadata',
  method: 'PUT',
  path: '/v1/drives/:drive/entries/:entry/grants/:subject',
  summary: 'Give a person or group a role on a single file or folder, or another one: for the API, nothing is synced or mounted by it',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField, subject: subjectIdField }),
  body: z.object({ role: entryRoleField }),
  answer: grant,
  errors: ['not_found', 'moved', 'permission_denied'],
});
