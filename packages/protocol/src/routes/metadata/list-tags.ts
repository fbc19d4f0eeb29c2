import { z } from 'zod';
import { driveIdField, entryIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { maxTags, tag } from './tag.ts';

export const listTags = defineRoute({
  name: 'listTags',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/entries/:entry/tags',
  summary: 'The tags of an entry, by name',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  answer: z.object({ items: z.array(tag).max(maxTags) }),
  errors: ['not_found', 'moved'],
});
