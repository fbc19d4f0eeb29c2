import { z } from 'zod';
import { driveIdField, sizeField, timeField, uploadIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tusHeaders } from './tus-headers.ts';

export const getUpload = defineRoute({
  name: 'getUpload',
  service: 'upload',
  method: 'GET',
  path: '/v1/drives/:drive/uploads/:upload',
  summary: 'How far a file is that comes by tus; HEAD says the same in its headers',
  auth: 'user',
  params: z.object({ drive: driveIdField, upload: uploadIdField }),
  answerHeaders: tusHeaders,
  /** `offsetBytes` is `sizeBytes` once the file is saved, and not before. */
  answer: z.object({ offsetBytes: sizeField, sizeBytes: sizeField, expiresAt: timeField }),
  errors: ['not_found', 'version_unsupported'],
});
