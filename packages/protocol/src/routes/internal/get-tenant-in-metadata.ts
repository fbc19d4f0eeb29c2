import { z } from 'zod';
import { countField, sizeField, tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tenantIntent } from './tenant-intent.ts';

export const getTenantInMetadata = defineRoute({
  name: 'getTenantInMetadata',
  service: 'metadata',
  method: 'GET',
  path: '/admin/v1/metadata/tenants/:tenant',
  summary: 'The intent for a tenant as this service keeps it, and its logical ledger, in bytes',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: z.object({
    intent: tenantIntent,
    usage: z.object({
      current: sizeField,
      history: sizeField,
      trash: sizeField,
      inFlight: sizeField,
      /** Current ones and those in the trash. */
      files: countField,
      users: countField,
    }),
  }),
  errors: ['not_found', 'tenant_erased'],
});
