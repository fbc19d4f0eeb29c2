import { z } from 'zod';
import { secretField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { linkTokenField } from './shared.ts';

export const readDownload = defineRoute({
  name: 'readDownload',
  service: 'share',
  method: 'GET',
  path: '/v1/shared/:linkToken/downloads/:download',
  summary: 'The bytes of a download that was counted; honours Range, If-Range and If-None-Match',
  auth: 'none',
  params: z.object({ linkToken: linkTokenField, download: secretField }),
  answer: { stream: 'bytes' },
  errors: ['not_found'],
});
