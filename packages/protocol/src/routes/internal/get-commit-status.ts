import { z } from 'zod';
import { commitIdField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const getCommitStatus = defineRoute({
  name: 'getCommitStatus',
  service: 'metadata',
  method: 'GET',
  path: '/internal/v1/commits/:commit',
  summary: 'Does metadata know this commit? `now` is the database clock against which commitBy counts',
  auth: 'service',
  params: z.object({ commit: commitIdField }),
  answer: z.object({ known: z.boolean(), now: timeField }),
});
