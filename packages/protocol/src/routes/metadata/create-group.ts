import { z } from 'zod';
import { defineRoute } from '../../route.ts';
import { group, groupNameField } from './group.ts';

export const createGroup = defineRoute({
  name: 'createGroup',
  service: 'metadata',
  method: 'POST',
  path: '/v1/groups',
  summary: 'Make an empty group; for administrators of the tenant',
  auth: 'user',
  body: z.object({ name: groupNameField }),
  status: 201,
  answer: group,
  errors: ['permission_denied', 'already_exists', 'quota_exceeded', 'idempotency_mismatch'],
});
