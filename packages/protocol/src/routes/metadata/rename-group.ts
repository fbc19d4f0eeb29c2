import { z } from 'zod';
import { groupIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { group, groupNameField } from './group.ts';

export const renameGroup = defineRoute({
  name: 'renameGroup',
  service: 'metadata',
  method: 'PATCH',
  path: '/v1/groups/:group',
  summary: 'Give a group another name; for administrators of the tenant',
  auth: 'user',
  params: z.object({ group: groupIdField }),
  body: z.object({ name: groupNameField }),
  answer: group,
  errors: ['not_found', 'permission_denied', 'already_exists'],
});
