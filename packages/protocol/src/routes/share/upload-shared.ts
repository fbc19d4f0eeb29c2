import { z } from 'zod';
import { nameField, sizeField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { linkTokenField, passQuery } from './shared.ts';

export const uploadShared = defineRoute({
  name: 'uploadShared',
  service: 'share',
  method: 'POST',
  path: '/v1/shared/:linkToken/upload',
  summary: 'Put one file into the folder of a file request; a name that is taken gets a number',
  auth: 'none',
  params: z.object({ linkToken: linkTokenField }),
  query: passQuery.extend({ name: nameField, mtime: timeField.optional() }),
  body: { stream: 'bytes' },
  maxBodyBytes: 5 * 2 ** 40,
  status: 201,
  answer: z.object({ name: z.string(), sizeBytes: sizeField }),
  errors: ['not_found', 'unauthenticated', 'quota_exceeded', 'too_large'],
});
