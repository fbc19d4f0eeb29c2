import { z } from 'zod';
import { driveIdField, entryIdField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from '../metadata/entry.ts';

export const putFileBelow = defineRoute({
  name: 'putFileBelow',
  service: 'upload',
  method: 'PUT',
  path: '/v1/drives/:drive/entries/:entry/files/*path',
  summary:
    'Write one file at a path below a folder, also for who was let in to that alone; If-Match or If-None-Match: * guards what is there',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField, path: z.string().min(1).max(33_000) }),
  query: z.object({ mtime: timeField.optional() }),
  body: { stream: 'bytes' },
  maxBodyBytes: 5 * 2 ** 40,
  status: 201,
  answer: entry,
  errors: ['not_found', 'moved', 'permission_denied', 'revision_conflict', 'name_taken', 'quota_exceeded', 'too_large', 'locked'],
});
