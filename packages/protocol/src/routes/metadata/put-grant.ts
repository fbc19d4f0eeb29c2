import { z } from 'zod';
import { driveIdField, roleField, subjectIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { grant } from './grant.ts';

export const putGrant = defineRoute({
  name: 'putGrant',
  service: 'metadata',
  method: 'PUT',
  path: '/v1/drives/:drive/grants/:subject',
  summary: 'Give a person a role on a shared drive, or another one; giving `owner` hands the drive over, its bytes with it',
  auth: 'user',
  params: z.object({ drive: driveIdField, subject: subjectIdField }),
  body: z.object({ role: roleField }),
  answer: grant,
  errors: ['not_found', 'permission_denied', 'quota_exceeded'],
});
