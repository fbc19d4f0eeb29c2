import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const readTenantInAuth = defineRoute({
  name: 'readTenantInAuth',
  service: 'auth',
  method: 'GET',
  path: '/admin/v1/auth/tenants/:tenant/rows',
  summary: 'All that a backup keeps of a tenant in auth, as it is at one moment: lines of JSON, the last one says how many rows there were',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: { stream: 'bytes' },
});
