import { z } from 'zod';
import { driveIdField, entryIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { maxTags, tag, tagField, tagValueField } from './tag.ts';

export const putTag = defineRoute({
  name: 'putTag',
  service: 'metadata',
  method: 'PUT',
  path: '/v1/drives/:drive/entries/:entry/tags/:tag',
  summary: `Tag an entry, or give a tag another value; an entry has ${maxTags} at most. Tags are of no revision and make none`,
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField, tag: tagField }),
  body: z.object({ value: tagValueField.optional() }),
  answer: tag,
  errors: ['not_found', 'moved', 'permission_denied', 'too_large'],
});
