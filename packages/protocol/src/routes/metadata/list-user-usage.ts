import { z } from 'zod';
import { emailField, pageOf, pageQuery, sizeField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { ledgerLines } from './get-usage.ts';

/** What somebody of the tenant holds, and may hold. */
export const userUsage = ledgerLines.extend({
  user: userIdField,
  name: z.string(),
  email: emailField.optional(),
  /** Left out where nothing but the tenant's own limit holds. */
  limitBytes: sizeField.optional(),
  /** Whether this person has a limit of their own; the others have the tenant's for each. */
  ownLimit: z.boolean(),
});
export type UserUsage = z.output<typeof userUsage>;

export const listUserUsage = defineRoute({
  name: 'listUserUsage',
  service: 'metadata',
  method: 'GET',
  path: '/v1/tenant/usage',
  summary: 'What each person of the tenant holds, line by line, and their limits, for its administrators',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(userUsage),
  errors: ['permission_denied'],
});
