import { z } from 'zod';
import { keyGenerationField } from '../../key-generation.ts';
import { defineRoute } from '../../route.ts';

export const retireKeysInUpload = defineRoute({
  name: 'retireKeysInUpload',
  service: 'upload',
  method: 'POST',
  path: '/admin/v1/upload/keys/retire',
  summary: 'Destroy a generation of the key-encryption key and all older ones; refused while a data key is wrapped under one',
  auth: 'admin',
  body: z.object({ generation: keyGenerationField }),
  answer: z.object({ usable: z.array(keyGenerationField) }),
  errors: ['invalid_argument', 'unavailable'],
});
