import { z } from 'zod';
import { emailField, groupIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { groupMember } from './group.ts';

export const addGroupMember = defineRoute({
  name: 'addGroupMember',
  service: 'metadata',
  method: 'POST',
  path: '/v1/groups/:group/members',
  summary: 'Put a person of the tenant, named by their e-mail address, into a group; for administrators of the tenant',
  auth: 'user',
  params: z.object({ group: groupIdField }),
  body: z.object({ email: emailField }),
  answer: groupMember,
  errors: ['not_found', 'permission_denied', 'quota_exceeded'],
});
