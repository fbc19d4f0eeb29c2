import { z } from 'zod';
import { timeField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { link, linkPasswordField, maxDownloadsField } from './link.ts';

export const updateLink = defineRoute({
  name: 'updateLink',
  service: 'share',
  method: 'PATCH',
  path: '/v1/links/:link',
  summary: 'Change what a link asks for and how long it lasts; `null` takes a condition away',
  auth: 'user',
  params: z.object({ link: uuidField }),
  body: z.object({
    password: linkPasswordField.nullable().optional(),
    expiresAt: timeField.nullable().optional(),
    maxDownloads: maxDownloadsField.nullable().optional(),
    notifyOnUse: z.boolean().optional(),
  }),
  answer: link,
  errors: ['not_found', 'permission_denied'],
});
