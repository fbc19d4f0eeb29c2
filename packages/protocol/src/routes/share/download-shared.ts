import { z } from 'zod';
import { defineRoute } from '../../route.ts';
import { belowQuery, linkTokenField } from './shared.ts';

export const downloadShared = defineRoute({
  name: 'downloadShared',
  service: 'share',
  method: 'GET',
  path: '/v1/shared/:linkToken/content',
  summary: 'Begin one download of a file, which counts; 303 to where its bytes are for a day, ranges and repeats free',
  auth: 'none',
  params: z.object({ linkToken: linkTokenField }),
  query: belowQuery,
  answer: { stream: 'bytes' },
  errors: ['not_found', 'unauthenticated'],
});
