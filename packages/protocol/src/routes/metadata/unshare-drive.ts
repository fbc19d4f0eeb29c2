import { z } from 'zod';
import { driveIdField, entryIdField, nameField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from './entry.ts';

export const unshareDrive = defineRoute({
  name: 'unshareDrive',
  service: 'metadata',
  method: 'POST',
  path: '/v1/drives/:drive/unshare',
  summary: 'Make a shared drive a folder of another drive again; its members lose it, ids, revisions and history stay',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  body: z.object({ into: z.object({ drive: driveIdField, parentId: entryIdField, name: nameField }) }),
  answer: entry,
  errors: ['not_found', 'permission_denied', 'name_taken', 'too_large', 'quota_exceeded', 'locked'],
});
