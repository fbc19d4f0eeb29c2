import { z } from 'zod';
import { driveIdField, entryIdField, revField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const readLinkedContent = defineRoute({
  name: 'readLinkedContent',
  service: 'upload',
  method: 'GET',
  path: '/internal/v1/drives/:drive/entries/:entry/linked/content',
  summary: 'The bytes of a file for the holder of a link; honours Range, If-Range and If-None-Match',
  auth: 'service',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: z.object({ rev: z.coerce.number().pipe(revField).optional() }),
  answer: { stream: 'bytes' },
  errors: ['not_found'],
});
