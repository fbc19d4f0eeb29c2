import { z } from 'zod';
import { digestField, driveIdField, entryIdField, revField, sizeField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { chunkRef } from '../metadata/entry.ts';

export const locateContent = defineRoute({
  name: 'locateContent',
  service: 'metadata',
  method: 'GET',
  path: '/internal/v1/drives/:drive/entries/:entry/content',
  summary: 'What a file consists of, current or at a revision; a long list comes as its id alone',
  auth: 'service',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  query: z.object({ rev: z.coerce.number().pipe(revField).optional() }),
  answer: z.object({
    name: z.string(),
    rev: revField,
    sizeBytes: sizeField,
    mtime: timeField,
    listId: digestField,
    chunks: z.array(chunkRef).max(64).optional(),
  }),
  errors: ['not_found', 'moved'],
});
