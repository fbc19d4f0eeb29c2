import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { keyGenerationField } from '../../key-generation.ts';
import { defineRoute } from '../../route.ts';

export const rotateDataKey = defineRoute({
  name: 'rotateDataKey',
  service: 'upload',
  method: 'POST',
  path: '/admin/v1/upload/tenants/:tenant/data-keys',
  summary: "Add a generation of a tenant's data key for new packs, unless there is one newer than `from` already",
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  body: z.object({ from: keyGenerationField }),
  answer: z.object({ generation: keyGenerationField }),
  errors: ['invalid_argument', 'not_found', 'tenant_erased', 'unavailable'],
});
