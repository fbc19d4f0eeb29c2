import { z } from 'zod';
import { driveIdField, uploadIdField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { commitAnswer, maxCommitOperations, operation } from './operation.ts';

/** The JSON of a commit, alone or as the last frame of a body whose earlier frames carry its chunks. */
export const commitBody = z.object({
  driveEpoch: uuidField,
  uploadId: uploadIdField.optional(),
  operations: z.array(operation).min(1).max(maxCommitOperations),
  atomic: z.boolean().default(false),
});

export const postCommit = defineRoute({
  name: 'postCommit',
  service: 'upload',
  method: 'POST',
  path: '/v1/drives/:drive/commits',
  summary: 'Make new revisions: up to 1,000 operations in order, each with an outcome of its own',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  body: commitBody,
  framesToo: true,
  maxBodyBytes: 64 * 2 ** 20,
  answer: commitAnswer,
  errors: ['not_found', 'permission_denied', 'cursor_expired', 'digest_mismatch', 'locked', 'quota_exceeded', 'too_large'],
});
