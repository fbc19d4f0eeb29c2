import { z } from 'zod';
import { countField, tenantIdField } from '../../fields.ts';
import { keyGenerationField } from '../../key-generation.ts';
import { defineRoute } from '../../route.ts';

export const rewrapKeysInUpload = defineRoute({
  name: 'rewrapKeysInUpload',
  service: 'upload',
  method: 'POST',
  path: '/admin/v1/upload/keys/rewrap',
  summary: 'Wrap data keys of some tenants again under the current generation; ask again with `place` until there is none',
  auth: 'admin',
  body: z.object({
    place: tenantIdField.optional(),
    /** Count, and change nothing. */
    dryRun: z.boolean().default(false),
  }),
  answer: z.object({
    /** Where the next call goes on; absent at the end. */
    place: tenantIdField.optional(),
    current: keyGenerationField,
    tenants: countField,
    dataKeys: countField,
    rewrapped: countField,
    /** How many of these data keys were wrapped under which generation before this call. */
    wrappedUnder: z.array(z.object({ keyGeneration: keyGenerationField, dataKeys: countField })),
    /** Data keys that do not open: they stay as they are. */
    unopened: z.array(z.object({ tenant: tenantIdField, generation: keyGenerationField, keyGeneration: keyGenerationField })),
  }),
  errors: ['invalid_argument', 'unavailable'],
});
