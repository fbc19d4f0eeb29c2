import { z } from 'zod';
import { keyGenerationField } from '../../key-generation.ts';
import { defineRoute } from '../../route.ts';

export const getKeysInUpload = defineRoute({
  name: 'getKeysInUpload',
  service: 'upload',
  method: 'GET',
  path: '/admin/v1/upload/keys',
  summary: 'Where the key-encryption key is, and its generations',
  auth: 'admin',
  answer: z.object({
    /** The file, or the address of the key in its engine; no secret. */
    place: z.string(),
    /** What data keys are wrapped under from now on. */
    current: keyGenerationField,
    /** All that still open what they wrapped, oldest first. */
    usable: z.array(keyGenerationField),
  }),
  errors: ['unavailable'],
});
