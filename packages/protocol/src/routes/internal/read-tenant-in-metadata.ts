import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const readTenantInMetadata = defineRoute({
  name: 'readTenantInMetadata',
  service: 'metadata',
  method: 'GET',
  path: '/admin/v1/metadata/tenants/:tenant/rows',
  summary: 'What a backup keeps of a tenant in metadata, from one snapshot: lines of JSON, the last with the number of rows',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: { stream: 'bytes' },
});
