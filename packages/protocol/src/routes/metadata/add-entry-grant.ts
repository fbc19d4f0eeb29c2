import { z } from 'zod';
import { driveIdField, emailField, entryIdField, entryRoleField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { grant } from './grant.ts';

export const addEntryGrant = defineRoute({
  name: 'addEntryGrant',
  service: 'metadata',
  method: 'POST',
  path: '/v1/drives/:drive/entries/:entry/grants',
  summary: 'Give a person of the tenant, named by their e-mail address, a role on a single file or folder, or another one',
  auth: 'user',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  body: z.object({ email: emailField, role: entryRoleField }),
  answer: grant,
  errors: ['not_found', 'moved', 'permission_denied'],
});
