import { z } from 'zod';
import { keyGenerationField } from '../../key-generation.ts';
import { defineRoute } from '../../route.ts';

export const rotateKeysInUpload = defineRoute({
  name: 'rotateKeysInUpload',
  service: 'upload',
  method: 'POST',
  path: '/admin/v1/upload/keys/rotate',
  summary: 'Add a generation of the key-encryption key, unless there is one newer than `from` already',
  auth: 'admin',
  body: z.object({ from: keyGenerationField }),
  answer: z.object({ current: keyGenerationField }),
  errors: ['invalid_argument', 'unavailable'],
});
