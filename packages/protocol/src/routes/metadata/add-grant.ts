import { z } from 'zod';
import { driveIdField, emailField, roleField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { grant } from './grant.ts';

export const addGrant = defineRoute({
  name: 'addGrant',
  service: 'metadata',
  method: 'POST',
  path: '/v1/drives/:drive/grants',
  summary: 'Give a person of the tenant, named by their e-mail address, a role on a shared drive, or another one',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  body: z.object({ email: emailField, role: roleField }),
  answer: grant,
  errors: ['not_found', 'permission_denied', 'quota_exceeded'],
});
