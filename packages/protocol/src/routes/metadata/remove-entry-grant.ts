import { z } from 'zod';
import { driveIdField, entryIdField, subjectIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const removeEntryGrant = defineRoute({
  name: 'removeEntryGrant',
  service: 'metadata',
  method: 'DELETE',
  path: '/v1/drives/:drive/entries/:entry/grants/:subject',
  summary: 'Take a role on a single file or folder away, or give up one’s own',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField, subject: subjectIdField }),
  status: 204,
  errors: ['not_found', 'moved', 'permission_denied'],
});
