import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { webhookWithSecret } from './webhook.ts';

export const rotateWebhookSecret = defineRoute({
  name: 'rotateWebhookSecret',
  service: 'notification',
  method: 'POST',
  path: '/v1/webhooks/:webhook/secret',
  summary: 'Replace the secret that deliveries are signed with; for a day they are signed with the one before as well',
  auth: 'user',
  params: z.object({ webhook: uuidField }),
  answer: webhookWithSecret,
  errors: ['not_found', 'permission_denied'],
});
