import { z } from 'zod';
import { defineRoute } from '../../route.ts';
import { belowQuery, linkTokenField } from './shared.ts';

export const archiveShared = defineRoute({
  name: 'archiveShared',
  service: 'share',
  method: 'GET',
  path: '/v1/shared/:linkToken/archive',
  summary: 'Everything in a folder as one zip, made while it is sent; counts as one download',
  auth: 'none',
  params: z.object({ linkToken: linkTokenField }),
  query: belowQuery,
  answer: { stream: 'bytes' },
  errors: ['not_found', 'unauthenticated', 'too_large'],
});
