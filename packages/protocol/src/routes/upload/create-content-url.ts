import { z } from 'zod';
import { driveIdField, entryIdField, revField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const createContentUrl = defineRoute({
  name: 'createContentUrl',
  service: 'upload',
  method: 'POST',
  path: '/v1/drives/:drive/entries/:entry/content-url',
  summary: 'A signed URL that reads this content without other authorisation until it expires',
  auth: 'user',
  readOnly: true,
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  body: z.object({
    rev: revField.optional(),
    ttlSeconds: z
      .number()
      .int()
      .min(1)
      .max(7 * 24 * 3600)
      .default(3600),
    disposition: z.enum(['attachment', 'inline']).default('attachment'),
  }),
  status: 201,
  /** `path` is relative to the address the client talks to: a server does not guess its own public name. */
  answer: z.object({ path: z.string(), expiresAt: timeField }),
  errors: ['not_found', 'moved'],
});
