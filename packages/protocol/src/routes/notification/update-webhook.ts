import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { eventTypesField, webhook, webhookUrlField } from './webhook.ts';

export const updateWebhook = defineRoute({
  name: 'updateWebhook',
  service: 'notification',
  method: 'PATCH',
  path: '/v1/webhooks/:webhook',
  summary: 'Change where it goes and what it wants, pause it, or have it go on; what waits is tried at once',
  auth: 'user',
  params: z.object({ webhook: uuidField }),
  body: z.object({
    url: webhookUrlField.optional(),
    types: eventTypesField.optional(),
    state: z.enum(['active', 'paused']).optional(),
  }),
  answer: webhook,
  errors: ['not_found', 'permission_denied'],
});
