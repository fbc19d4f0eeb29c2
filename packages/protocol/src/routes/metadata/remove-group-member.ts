import { z } from 'zod';
import { groupIdField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const removeGroupMember = defineRoute({
  name: 'removeGroupMember',
  service: 'metadata',
  method: 'DELETE',
  path: '/v1/groups/:group/members/:user',
  summary: 'Take a person out of a group, with the roles they have through it; for administrators, and for oneself',
  auth: 'user',
  params: z.object({ group: groupIdField, user: userIdField }),
  status: 204,
  errors: ['not_found', 'permission_denied'],
});
