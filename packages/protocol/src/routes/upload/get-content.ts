import { z } from 'zod';
import { driveIdField, entryIdField, revField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const getContent = defineRoute({
  name: 'getContent',
  service: 'upload',
  method: 'GET',
  path: '/v1/drives/:drive/entries/:entry/content',
  summary: 'The bytes of a file, current or of a revision; honours Range, If-Range and If-None-Match',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: z.object({ rev: z.coerce.number().pipe(revField).optional() }),
  answer: { stream: 'bytes' },
  errors: ['not_found', 'moved', 'content_damaged'],
});
