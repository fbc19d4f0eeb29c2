import { z } from 'zod';
import { countField, sizeField, tenantIdField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tenantIntent } from './tenant-intent.ts';

export const getTenantInUpload = defineRoute({
  name: 'getTenantInUpload',
  service: 'upload',
  method: 'GET',
  path: '/admin/v1/upload/tenants/:tenant',
  summary: 'The intent for a tenant as this service keeps it, its physical ledger, in bytes, and how whole its content is',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: z.object({
    intent: tenantIntent,
    usage: z.object({
      /** What the packs take in the pool; what is not live waits for collection. */
      packBytes: sizeField,
      liveBytes: sizeField,
      packs: countField,
      chunks: countField,
    }),
    content: z.object({
      /** Each pack was read and verified then or later, or written; absent where there is none. */
      verifiedSince: timeField.optional(),
      /** Chunks that could not be read when they were verified last. */
      damagedChunks: countField,
    }),
  }),
  errors: ['not_found', 'tenant_erased'],
});
