import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { link } from './link.ts';

export const getLink = defineRoute({
  name: 'getLink',
  service: 'share',
  method: 'GET',
  path: '/v1/links/:link',
  summary: 'One link',
  auth: 'user',
  params: z.object({ link: uuidField }),
  answer: link,
  errors: ['not_found'],
});
