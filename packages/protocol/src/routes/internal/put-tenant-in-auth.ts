import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tenantIntent } from './tenant-intent.ts';

export const putTenantInAuth = defineRoute({
  name: 'putTenantInAuth',
  service: 'auth',
  method: 'PUT',
  path: '/admin/v1/auth/tenants/:tenant',
  summary: 'Register a tenant, or bring it to this whole intent; safe to repeat',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  body: tenantIntent,
  answer: z.object({ invitation: z.string().optional() }),
  errors: ['already_exists', 'generation_superseded', 'locked', 'tenant_erased'],
});
