import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tenantErasure } from './tenant-erasure.ts';

export const deleteTenantInNotification = defineRoute({
  name: 'deleteTenantInNotification',
  service: 'notification',
  method: 'DELETE',
  path: '/admin/v1/notification/tenants/:tenant',
  summary: 'Erase what this service holds of a tenant, for good; ask again until the answer says `erased`',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: tenantErasure,
});
