import { z } from 'zod';
import { digestField, tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const askTenantChunks = defineRoute({
  name: 'askTenantChunks',
  service: 'upload',
  method: 'POST',
  path: '/admin/v1/upload/tenants/:tenant/chunks/missing',
  summary: 'Which of these chunks a tenant lacks; those that it has are no longer condemned',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  body: z.object({ digests: z.array(digestField).min(1).max(10_000) }),
  answer: z.object({ missing: z.array(digestField) }),
  errors: ['tenant_erased'],
});
