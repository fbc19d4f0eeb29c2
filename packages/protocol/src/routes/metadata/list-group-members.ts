import { z } from 'zod';
import { groupIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { groupMember } from './group.ts';

export const listGroupMembers = defineRoute({
  name: 'listGroupMembers',
  service: 'metadata',
  method: 'GET',
  path: '/v1/groups/:group/members',
  summary: 'Who is in a group, by name; guests are told of none',
  auth: 'user',
  params: z.object({ group: groupIdField }),
  query: pageQuery(100, 1000),
  answer: pageOf(groupMember),
  errors: ['not_found', 'permission_denied'],
});
