import { z } from 'zod';
import { driveIdField, entryIdField, nameField, sizeField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const putLinkedFile = defineRoute({
  name: 'putLinkedFile',
  service: 'upload',
  method: 'POST',
  path: '/internal/v1/drives/:drive/entries/:entry/linked/files',
  summary: 'A new file in a folder for the holder of a link; a name that is taken gets a number',
  auth: 'service',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: z.object({ name: nameField, mtime: timeField.optional(), sizeBytes: z.coerce.number().pipe(sizeField).optional() }),
  body: { stream: 'bytes' },
  maxBodyBytes: 5 * 2 ** 40,
  status: 201,
  answer: z.object({ entryId: entryIdField, name: z.string(), sizeBytes: sizeField }),
  errors: ['not_found', 'permission_denied', 'name_taken', 'quota_exceeded', 'too_large', 'locked'],
});
