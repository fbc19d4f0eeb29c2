import { z } from 'zod';
import { driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { eventTypesField, webhookUrlField, webhookWithSecret } from './webhook.ts';

export const createWebhook = defineRoute({
  name: 'createWebhook',
  service: 'notification',
  method: 'POST',
  path: '/v1/webhooks',
  summary: 'Have events sent to an address: those of a drive that one may read, or the whole tenant\u2019s, for its administrators',
  auth: 'user',
  body: z.object({ url: webhookUrlField, drive: driveIdField.optional(), types: eventTypesField.default(['*']) }),
  status: 201,
  answer: webhookWithSecret,
  errors: ['not_found', 'permission_denied', 'quota_exceeded'],
});
