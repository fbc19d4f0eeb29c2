import { z } from 'zod';
import { digestField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const listReferenced = defineRoute({
  name: 'listReferenced',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/references/list',
  summary: 'The next chunks after a digest that lists of the tenant name; a few may be named by lists that no revision retains any more',
  auth: 'service',
  body: z.object({ after: digestField.optional(), limit: z.number().int().min(1).max(10_000) }),
  answer: z.object({ digests: z.array(digestField) }),
});
