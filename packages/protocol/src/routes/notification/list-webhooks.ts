import { pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { webhook } from './webhook.ts';

export const listWebhooks = defineRoute({
  name: 'listWebhooks',
  service: 'notification',
  method: 'GET',
  path: '/v1/webhooks',
  summary: "The caller's webhooks; for administrators every webhook of the tenant",
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(webhook),
});
