import { z } from 'zod';
import { driveIdField, entryIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tagField } from './tag.ts';

export const removeTag = defineRoute({
  name: 'removeTag',
  service: 'metadata',
  method: 'DELETE',
  path: '/v1/drives/:drive/entries/:entry/tags/:tag',
  summary: 'Take a tag off an entry; one that it has not is gone already',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField, tag: tagField }),
  status: 204,
  errors: ['not_found', 'moved', 'permission_denied'],
});
