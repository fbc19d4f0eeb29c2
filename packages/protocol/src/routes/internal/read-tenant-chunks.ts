import { z } from 'zod';
import { digestField, tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const readTenantChunks = defineRoute({
  name: 'readTenantChunks',
  service: 'upload',
  method: 'POST',
  path: '/admin/v1/upload/tenants/:tenant/chunks/read',
  summary: 'Chunks of a tenant as frames, in the order asked; breaks off at one that is damaged',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  body: z.object({ digests: z.array(digestField).min(1).max(1000) }),
  answer: { stream: 'frames' },
  errors: ['chunk_missing', 'content_damaged'],
});
