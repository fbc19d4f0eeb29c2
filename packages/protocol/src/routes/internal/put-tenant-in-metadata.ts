import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tenantIntent } from './tenant-intent.ts';

export const putTenantInMetadata = defineRoute({
  name: 'putTenantInMetadata',
  service: 'metadata',
  method: 'PUT',
  path: '/admin/v1/metadata/tenants/:tenant',
  summary: 'Register a tenant, or bring it to this whole intent; safe to repeat',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  body: tenantIntent,
  status: 204,
  errors: ['generation_superseded', 'tenant_erased'],
});
