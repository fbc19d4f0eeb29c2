import { z } from 'zod';
import { countField, sizeField, tenantIdField, timeField } from '../../fields.ts';
import { keyGenerationField } from '../../key-generation.ts';
import { defineRoute } from '../../route.ts';

export const listDataKeys = defineRoute({
  name: 'listDataKeys',
  service: 'upload',
  method: 'GET',
  path: '/admin/v1/upload/tenants/:tenant/data-keys',
  summary: "The generations of a tenant's data key, oldest first, and what is encrypted under each",
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: z.object({
    items: z.array(
      z.object({
        generation: keyGenerationField,
        keyGeneration: keyGenerationField,
        createdAt: timeField,
        packs: countField,
        packBytes: sizeField,
      }),
    ),
  }),
  errors: ['not_found'],
});
