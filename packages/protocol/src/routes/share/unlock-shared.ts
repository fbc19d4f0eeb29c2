import { z } from 'zod';
import { timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { linkTokenField } from './shared.ts';

export const unlockShared = defineRoute({
  name: 'unlockShared',
  service: 'share',
  method: 'POST',
  path: '/v1/shared/:linkToken/pass',
  summary: "Exchange a link's password for a pass that its other routes take for an hour",
  auth: 'none',
  params: z.object({ linkToken: linkTokenField }),
  body: z.object({ password: z.string().min(1).max(256) }),
  answer: z.object({ pass: z.string(), expiresAt: timeField }),
  errors: ['not_found', 'unauthenticated'],
});
