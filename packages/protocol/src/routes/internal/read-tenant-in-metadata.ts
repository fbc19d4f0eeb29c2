import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const readTenantInMetadata = defineRoute({
  name: 'readTenantInMetadata',
  service: 'metadata',
  method: 'GET',
  path: '/admin/v1/metadata/tenants/:tenant/rows',
  summary: 'All that a backup keeps of a tenant in metadata, as it is at one moment: lines of JSON, the last one says how many rows there were',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: { stream: 'bytes' },
});
