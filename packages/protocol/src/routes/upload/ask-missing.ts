import { z } from 'zod';
import { digestField, driveIdField, sizeField, uploadIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const askMissing = defineRoute({
  name: 'askMissing',
  service: 'upload',
  method: 'POST',
  path: '/v1/drives/:drive/chunks/missing',
  summary: 'Open or renew an upload, reserve its bytes, and learn which chunks to send; asking again resumes',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  body: z.object({ uploadId: uploadIdField, sizeBytes: sizeField, digests: z.array(digestField).max(10_000) }),
  answer: z.object({ missing: z.array(digestField) }),
  errors: ['not_found', 'permission_denied', 'quota_exceeded', 'too_large'],
});
