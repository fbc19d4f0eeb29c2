import { z } from 'zod';
import { digestField, driveIdField, uploadIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const putChunks = defineRoute({
  name: 'putChunks',
  service: 'upload',
  method: 'PUT',
  path: '/v1/drives/:drive/chunks',
  summary: 'Send chunks and chunk-list segments as frames; what is acknowledged survives any crash',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  query: z.object({ uploadId: uploadIdField }),
  body: { stream: 'frames' },
  maxBodyBytes: 64 * 2 ** 20,
  answer: z.object({
    results: z.array(z.object({ digest: digestField, result: z.enum(['stored', 'already', 'digest_mismatch', 'base_missing']) })),
  }),
  errors: ['not_found', 'permission_denied', 'quota_exceeded', 'too_large'],
});
