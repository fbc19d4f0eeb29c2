import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const removeWebhook = defineRoute({
  name: 'removeWebhook',
  service: 'notification',
  method: 'DELETE',
  path: '/v1/webhooks/:webhook',
  summary: 'End a webhook and what waits for it',
  auth: 'user',
  params: z.object({ webhook: uuidField }),
  status: 204,
  errors: ['not_found', 'permission_denied'],
});
