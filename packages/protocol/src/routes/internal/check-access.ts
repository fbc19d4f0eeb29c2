import { z } from 'zod';
import { driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { driveAccess } from './drive-access.ts';

export const checkAccess = defineRoute({
  name: 'checkAccess',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/:drive/access',
  summary: 'May the acting user read, or write, this drive?',
  auth: 'service',
  params: z.object({ drive: driveIdField }),
  body: z.object({ verb: z.enum(['read', 'write']) }),
  answer: driveAccess,
  errors: ['not_found', 'permission_denied'],
});
