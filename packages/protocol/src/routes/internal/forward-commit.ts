import { z } from 'zod';
import { commitIdField, driveIdField, timeField, uploadIdField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { checkedOperation, commitAnswer, maxCommitOperations } from '../upload/operation.ts';

export const forwardCommit = defineRoute({
  name: 'forwardCommit',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/:drive/commits',
  summary: 'Apply a commit whose chunks upload has checked and pinned; refused once commitBy has passed',
  auth: 'service',
  params: z.object({ drive: driveIdField }),
  body: z.object({
    commitId: commitIdField,
    commitBy: timeField,
    driveEpoch: uuidField,
    uploadId: uploadIdField.optional(),
    operations: z.array(checkedOperation).min(1).max(maxCommitOperations),
    atomic: z.boolean(),
  }),
  maxBodyBytes: 16 * 2 ** 20,
  answer: commitAnswer,
  errors: ['not_found', 'permission_denied', 'cursor_expired', 'locked', 'unavailable'],
});
