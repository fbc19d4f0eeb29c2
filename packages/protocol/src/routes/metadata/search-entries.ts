import { z } from 'zod';
import { driveIdField, pageOf, pageQuery, sizeField, timeField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from './entry.ts';
import { tagField, tagValueField } from './tag.ts';

export const searchEntries = defineRoute({
  name: 'searchEntries',
  service: 'metadata',
  method: 'GET',
  path: '/v1/search',
  summary:
    'Find live entries by name, metadata, tag or part of the path (its beginning if it starts with a slash) among all the caller may read',
  auth: 'user',
  query: pageQuery(100, 1000).extend({
    q: z.string().trim().min(1).max(255).optional(),
    drive: driveIdField.optional(),
    type: z.enum(['file', 'folder', 'symlink', 'mount']).optional(),
    minSize: z.coerce.number().pipe(sizeField).optional(),
    maxSize: z.coerce.number().pipe(sizeField).optional(),
    modifiedAfter: timeField.optional(),
    modifiedBefore: timeField.optional(),
    owner: userIdField.optional(),
    tag: tagField.optional(),
    tagValue: tagValueField.optional(),
    path: z.string().trim().min(1).max(1000).optional(),
  }),
  answer: pageOf(entry.and(z.object({ path: z.string() }))),
});
