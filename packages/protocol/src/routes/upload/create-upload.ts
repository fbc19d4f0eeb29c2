import { z } from 'zod';
import { driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tusHeaders } from './tus-headers.ts';

export const createUpload = defineRoute({
  name: 'createUpload',
  service: 'upload',
  method: 'POST',
  path: '/v1/drives/:drive/uploads',
  summary: 'Begin a file that comes by tus 1.0: of Upload-Length bytes, with its path and mtime in Upload-Metadata',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  status: 201,
  answerHeaders: tusHeaders,
  errors: [
    'not_found',
    'permission_denied',
    'revision_conflict',
    'name_taken',
    'version_unsupported',
    'quota_exceeded',
    'too_large',
    'locked',
  ],
});
