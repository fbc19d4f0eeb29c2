import { z } from 'zod';
import { cursorField, sessionIdField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const listRevocations = defineRoute({
  name: 'listRevocations',
  service: 'auth',
  method: 'GET',
  path: '/internal/v1/revocations',
  summary: 'Sessions and users ended within the life of an access token; polled by every service',
  auth: 'service',
  query: z.object({ after: cursorField.optional() }),
  answer: z.object({ sessions: z.array(sessionIdField), users: z.array(userIdField), nextCursor: cursorField }),
});
