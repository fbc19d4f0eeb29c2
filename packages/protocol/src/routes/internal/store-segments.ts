import { z } from 'zod';
import { digestField, driveIdField, entryIdField, uploadIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const storeSegments = defineRoute({
  name: 'storeSegments',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/:drive/segments',
  summary: 'Keep verified chunk-list segments and roots for a commit to come; dropped when the upload expires unused',
  auth: 'service',
  params: z.object({ drive: driveIdField }),
  /** `entry` is what the acting user may write, where that is not the drive. */
  body: z.object({
    uploadId: uploadIdField,
    segments: z.array(z.object({ digest: digestField, bytes: z.base64() })).max(1000),
    entry: entryIdField.optional(),
  }),
  maxBodyBytes: 64 * 2 ** 20,
  status: 204,
  errors: ['not_found', 'permission_denied'],
});
