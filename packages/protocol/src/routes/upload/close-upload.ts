import { z } from 'zod';
import { driveIdField, uploadIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tusHeaders } from './tus-headers.ts';

export const closeUpload = defineRoute({
  name: 'closeUpload',
  service: 'upload',
  method: 'DELETE',
  path: '/v1/drives/:drive/uploads/:upload',
  summary: 'Close an upload before it expires and give back what it reserved',
  auth: 'user',
  params: z.object({ drive: driveIdField, upload: uploadIdField }),
  status: 204,
  answerHeaders: tusHeaders,
  errors: ['not_found'],
});
