import { z } from 'zod';
import { groupIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const removeGroup = defineRoute({
  name: 'removeGroup',
  service: 'metadata',
  method: 'DELETE',
  path: '/v1/groups/:group',
  summary: 'End a group and every role that it holds; for administrators of the tenant',
  auth: 'user',
  params: z.object({ group: groupIdField }),
  status: 204,
  errors: ['not_found', 'permission_denied'],
});
