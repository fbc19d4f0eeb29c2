import { z } from 'zod';
import { pageOf, pageQuery, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { delivery } from './webhook.ts';

export const listDeliveries = defineRoute({
  name: 'listDeliveries',
  service: 'notification',
  method: 'GET',
  path: '/v1/webhooks/:webhook/deliveries',
  summary: 'What was sent to a webhook in the last 15 days or waits to be, oldest first',
  auth: 'user',
  params: z.object({ webhook: uuidField }),
  query: pageQuery(100, 1000),
  answer: pageOf(delivery),
  errors: ['not_found'],
});
