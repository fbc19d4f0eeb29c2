import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const revokeLink = defineRoute({
  name: 'revokeLink',
  service: 'share',
  method: 'DELETE',
  path: '/v1/links/:link',
  summary: 'End a link at once, and what is being read or sent through it within seconds',
  auth: 'user',
  params: z.object({ link: uuidField }),
  status: 204,
  errors: ['not_found'],
});
