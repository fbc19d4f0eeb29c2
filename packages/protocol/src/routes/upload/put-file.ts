import { z } from 'zod';
import { driveIdField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from '../metadata/entry.ts';

export const putFile = defineRoute({
  name: 'putFile',
  service: 'upload',
  method: 'PUT',
  path: '/v1/drives/:drive/files/*path',
  summary: 'Write one file in one request; If-Match (its ETag) or If-None-Match: * guards what is there',
  auth: 'user',
  params: z.object({ drive: driveIdField, path: z.string().min(1).max(33_000) }),
  query: z.object({ mtime: timeField.optional() }),
  body: { stream: 'bytes' },
  maxBodyBytes: 5 * 2 ** 40,
  status: 201,
  answer: entry,
  errors: ['not_found', 'permission_denied', 'revision_conflict', 'name_taken', 'quota_exceeded', 'too_large', 'locked'],
});
