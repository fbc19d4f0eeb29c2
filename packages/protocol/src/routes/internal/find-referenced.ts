import { z } from 'zod';
import { digestField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const findReferenced = defineRoute({
  name: 'findReferenced',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/references',
  summary: 'Which of these chunks does a retained revision of any drive of the tenant reference? The others may be collected',
  auth: 'service',
  body: z.object({ digests: z.array(digestField).max(10_000) }),
  answer: z.object({ referenced: z.array(digestField) }),
});
