import { z } from 'zod';
import { cursorField, sessionIdField, tenantIdField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const listRevocations = defineRoute({
  name: 'listRevocations',
  service: 'auth',
  method: 'GET',
  path: '/internal/v1/revocations',
  summary: 'Sessions and users ended within the life of an access token, and tenants suspended or resumed; polled by every service',
  auth: 'service',
  query: z.object({ after: cursorField.optional() }),
  answer: z.object({
    sessions: z.array(sessionIdField),
    users: z.array(userIdField),
    /** How these tenants stand now. The first answer names every suspended one. */
    tenants: z.array(z.object({ tenantId: tenantIdField, suspended: z.boolean() })),
    nextCursor: cursorField,
  }),
});
