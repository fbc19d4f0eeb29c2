import { z } from 'zod';
import { driveIdField, entryIdField, linkRoleField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { link, linkPasswordField, maxDownloadsField } from './link.ts';

export const createLink = defineRoute({
  name: 'createLink',
  service: 'share',
  method: 'POST',
  path: '/v1/links',
  summary: 'Make a link that opens a file or folder to whoever has it, or lets them put files into a folder',
  auth: 'user',
  body: z.object({
    drive: driveIdField,
    entry: entryIdField,
    role: linkRoleField.default('viewer'),
    password: linkPasswordField.optional(),
    expiresAt: timeField.optional(),
    maxDownloads: maxDownloadsField.optional(),
    notifyOnUse: z.boolean().default(false),
  }),
  status: 201,
  answer: link,
  errors: ['not_found', 'permission_denied', 'quota_exceeded', 'idempotency_mismatch'],
});
