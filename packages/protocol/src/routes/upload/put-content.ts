import { z } from 'zod';
import { driveIdField, entryIdField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from '../metadata/entry.ts';

export const putContent = defineRoute({
  name: 'putContent',
  service: 'upload',
  method: 'PUT',
  path: '/v1/drives/:drive/entries/:entry/content',
  summary: 'Give a file new content in one request, also for who was let in to it alone; If-Match (its ETag) guards what is there',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: z.object({ mtime: timeField.optional() }),
  body: { stream: 'bytes' },
  maxBodyBytes: 5 * 2 ** 40,
  answer: entry,
  errors: ['not_found', 'moved', 'permission_denied', 'revision_conflict', 'name_taken', 'quota_exceeded', 'too_large', 'locked'],
});
