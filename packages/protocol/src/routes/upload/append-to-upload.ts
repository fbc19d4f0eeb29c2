import { z } from 'zod';
import { driveIdField, uploadIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tusHeaders } from './tus-headers.ts';

export const appendToUpload = defineRoute({
  name: 'appendToUpload',
  service: 'upload',
  method: 'PATCH',
  path: '/v1/drives/:drive/uploads/:upload',
  summary: 'Send the next bytes of a file that comes by tus, from Upload-Offset on; the last of them save it',
  auth: 'user',
  params: z.object({ drive: driveIdField, upload: uploadIdField }),
  body: { stream: 'bytes' },
  maxBodyBytes: 5 * 2 ** 40,
  status: 204,
  answerHeaders: tusHeaders,
  errors: [
    'not_found',
    'permission_denied',
    'revision_conflict',
    'name_taken',
    'offset_mismatch',
    'version_unsupported',
    'too_large',
    'checksum_mismatch',
    'locked',
    'quota_exceeded',
  ],
});
