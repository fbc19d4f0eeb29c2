import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { webhook } from './webhook.ts';

export const getWebhook = defineRoute({
  name: 'getWebhook',
  service: 'notification',
  method: 'GET',
  path: '/v1/webhooks/:webhook',
  summary: 'A webhook, without its secret',
  auth: 'user',
  params: z.object({ webhook: uuidField }),
  answer: webhook,
  errors: ['not_found'],
});
