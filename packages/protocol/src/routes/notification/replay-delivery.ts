import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { delivery } from './webhook.ts';

export const replayDelivery = defineRoute({
  name: 'replayDelivery',
  service: 'notification',
  method: 'POST',
  path: '/v1/webhooks/:webhook/deliveries/:delivery/replay',
  summary: 'Send it once more, with the id that it had; receivers know a repetition by that',
  auth: 'user',
  params: z.object({ webhook: uuidField, delivery: uuidField }),
  answer: delivery,
  errors: ['not_found', 'permission_denied'],
});
