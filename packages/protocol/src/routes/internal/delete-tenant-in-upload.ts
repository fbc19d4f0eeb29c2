import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tenantErasure } from './tenant-erasure.ts';

export const deleteTenantInUpload = defineRoute({
  name: 'deleteTenantInUpload',
  service: 'upload',
  method: 'DELETE',
  path: '/admin/v1/upload/tenants/:tenant',
  summary: 'Erase what this service holds of a suspended tenant, for good; ask again until the answer says `erased`',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: tenantErasure,
  errors: ['not_suspended'],
});
