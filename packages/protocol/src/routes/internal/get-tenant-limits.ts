import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

const rate = z.object({ perSecond: z.number().int().min(1), burst: z.number().int().min(1) });

export const getTenantLimits = defineRoute({
  name: 'getTenantLimits',
  service: 'metadata',
  method: 'GET',
  path: '/internal/v1/tenants/:tenant/limits',
  summary:
    'How often a tenant and each of its users may call, and how many sockets it may open; asked by gateway and sync, which keep the answer',
  auth: 'service',
  params: z.object({ tenant: tenantIdField }),
  answer: z.object({ suspended: z.boolean(), tenantRequests: rate, userRequests: rate, sockets: z.number().int().min(0) }),
  errors: ['not_found'],
});
