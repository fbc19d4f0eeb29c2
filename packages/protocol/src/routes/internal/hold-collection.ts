import { z } from 'zod';
import { tenantIdField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const holdCollection = defineRoute({
  name: 'holdCollection',
  service: 'upload',
  method: 'PUT',
  path: '/admin/v1/upload/tenants/:tenant/collection-holds/:holder',
  summary: 'Keep collection from deleting chunks of a tenant for so many seconds from now; 0 ends it at once',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField, holder: uuidField }),
  body: z.object({
    seconds: z
      .number()
      .int()
      .min(0)
      .max(7 * 86_400),
  }),
  status: 204,
  errors: ['tenant_erased'],
});
