import { z } from 'zod';
import { countField, linkRoleField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { linkedEntry } from '../internal/linked-entry.ts';
import { linkTokenField, passQuery } from './shared.ts';

export const getShared = defineRoute({
  name: 'getShared',
  service: 'share',
  method: 'GET',
  path: '/v1/shared/:linkToken',
  summary: 'What a link leads to',
  auth: 'none',
  params: z.object({ linkToken: linkTokenField }),
  query: passQuery,
  answer: z.discriminatedUnion('needsPassword', [
    z.object({ needsPassword: z.literal(true) }),
    z.object({
      needsPassword: z.literal(false),
      role: linkRoleField,
      entry: linkedEntry,
      /** Name of who made the link. */
      sharedBy: z.string(),
      expiresAt: timeField.optional(),
      downloadsLeft: countField.optional(),
    }),
  ]),
  errors: ['not_found', 'unauthenticated'],
});
