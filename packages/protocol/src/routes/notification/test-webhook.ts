import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { delivery } from './webhook.ts';

export const testWebhook = defineRoute({
  name: 'testWebhook',
  service: 'notification',
  method: 'POST',
  path: '/v1/webhooks/:webhook/test',
  summary: 'Send an event of the type `webhook.test`, in its turn; deliveries tell what became of it',
  auth: 'user',
  params: z.object({ webhook: uuidField }),
  status: 202,
  answer: delivery,
  errors: ['not_found', 'permission_denied'],
});
