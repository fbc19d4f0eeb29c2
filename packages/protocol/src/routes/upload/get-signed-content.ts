import { z } from 'zod';
import { defineRoute } from '../../route.ts';

export const getSignedContent = defineRoute({
  name: 'getSignedContent',
  service: 'upload',
  method: 'GET',
  path: '/v1/content/:token',
  summary: 'The bytes that a signed URL grants',
  auth: 'none',
  params: z.object({ token: z.string().min(16).max(2048) }),
  answer: { stream: 'bytes' },
  errors: ['not_found', 'content_damaged'],
});
