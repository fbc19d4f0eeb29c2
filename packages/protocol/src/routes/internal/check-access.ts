import { z } from 'zod';
import { driveIdField, entryIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { driveAccess } from './drive-access.ts';

export const checkAccess = defineRoute({
  name: 'checkAccess',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/:drive/access',
  summary: 'May the acting user read, or write, this drive, or this entry of it?',
  auth: 'service',
  params: z.object({ drive: driveIdField }),
  body: z.object({ verb: z.enum(['read', 'write']), entry: entryIdField.optional() }),
  answer: driveAccess,
  errors: ['not_found', 'permission_denied'],
});
