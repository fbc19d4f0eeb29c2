import { z } from 'zod';
import { driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tusHeaders } from './tus-headers.ts';

export const describeUploads = defineRoute({
  name: 'describeUploads',
  service: 'upload',
  method: 'OPTIONS',
  path: '/v1/drives/:drive/uploads',
  summary: 'What is spoken here of tus 1.0: versions, extensions, the largest file, checksums',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  status: 204,
  answerHeaders: tusHeaders,
});
