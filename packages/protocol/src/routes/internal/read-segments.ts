import { z } from 'zod';
import { digestField, driveIdField, entryIdField, uploadIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const readSegments = defineRoute({
  name: 'readSegments',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/:drive/segments/read',
  summary: 'The encoded segments and roots that this drive possesses, or that this upload brought; others are left out',
  auth: 'service',
  params: z.object({ drive: driveIdField }),
  /** `entry` is what the acting user may read, where that is not the drive; the caller found the digests in it. */
  body: z.object({ digests: z.array(digestField).max(1000), uploadId: uploadIdField.optional(), entry: entryIdField.optional() }),
  answer: z.object({ segments: z.array(z.object({ digest: digestField, bytes: z.base64() })) }),
  errors: ['not_found'],
});
