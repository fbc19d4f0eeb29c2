import { z } from 'zod';
import { driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { eventTypesField, webhookUrlField, webhookWithSecret } from './webhook.ts';

const terms = { url: webhookUrlField, types: eventTypesField.default(['*']) };

export const createWebhook = defineRoute({
  name: 'createWebhook',
  service: 'notification',
  method: 'POST',
  path: '/v1/webhooks',
  summary: 'Have events sent to an address: what one is told oneself, those of a drive that one may read, or, for administrators, all',
  auth: 'user',
  body: z.discriminatedUnion('scope', [
    z.object({ scope: z.literal('own'), ...terms }),
    z.object({ scope: z.literal('drive'), drive: driveIdField, ...terms }),
    z.object({ scope: z.literal('tenant'), ...terms }),
  ]),
  status: 201,
  answer: webhookWithSecret,
  errors: ['not_found', 'permission_denied', 'quota_exceeded'],
});
