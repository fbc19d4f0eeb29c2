import { z } from 'zod';
import { countField, tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const writeTenantChunks = defineRoute({
  name: 'writeTenantChunks',
  service: 'upload',
  method: 'PUT',
  path: '/admin/v1/upload/tenants/:tenant/chunks',
  summary: 'Put chunks of a tenant, as frames, back into the pool; what is there already stays. Hold collection meanwhile',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  body: { stream: 'frames' },
  maxBodyBytes: 64 * 2 ** 20,
  answer: z.object({ stored: countField, already: countField }),
  errors: ['digest_mismatch', 'invalid_argument', 'too_large', 'tenant_erased'],
});
