import { z } from 'zod';
import { digestField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const reportDamage = defineRoute({
  name: 'reportDamage',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/damage',
  summary: 'These chunks cannot be read: an event tells the owners of the drives whose files have them',
  auth: 'service',
  body: z.object({ digests: z.array(digestField).min(1).max(1_000) }),
  status: 204,
});
