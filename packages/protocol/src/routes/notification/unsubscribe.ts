import { z } from 'zod';
import { defineRoute } from '../../route.ts';

export const unsubscribe = defineRoute({
  name: 'unsubscribe',
  service: 'notification',
  method: 'POST',
  path: '/v1/unsubscribe/:unsubscribeToken',
  summary: 'End mails of one kind with the address from such a mail, as mail programs do it (RFC 8058); needs no sign-in',
  auth: 'none',
  anyTenant: true,
  params: z.object({ unsubscribeToken: z.string().min(1).max(512) }),
  body: { stream: 'bytes' },
  maxBodyBytes: 4096,
  status: 204,
  errors: ['not_found'],
});
