import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const findTenantOfHost = defineRoute({
  name: 'findTenantOfHost',
  service: 'auth',
  method: 'GET',
  path: '/internal/v1/hosts/:host',
  summary: 'Which tenant has this host name? None, if no tenant is answered; callers keep the answer for a while',
  auth: 'service',
  params: z.object({ host: z.string().toLowerCase().min(1).max(253) }),
  answer: z.object({ tenantId: tenantIdField.optional() }),
});
