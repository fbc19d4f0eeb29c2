import { z } from 'zod';
import { driveIdField, subjectIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const removeGrant = defineRoute({
  name: 'removeGrant',
  service: 'metadata',
  method: 'DELETE',
  path: '/v1/drives/:drive/grants/:subject',
  summary: 'Take a role away, or leave a drive; where it was mounted it is no longer',
  auth: 'user',
  params: z.object({ drive: driveIdField, subject: subjectIdField }),
  status: 204,
  errors: ['not_found', 'permission_denied'],
});
