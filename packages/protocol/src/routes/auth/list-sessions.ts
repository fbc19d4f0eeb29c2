import { z } from 'zod';
import { deviceIdField, pageOf, pageQuery, sessionIdField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

/** A session that has not ended; `current` is the one that asks. */
export const openSession = z.object({
  sessionId: sessionIdField,
  deviceId: deviceIdField,
  deviceName: z.string(),
  createdAt: timeField,
  lastUsedAt: timeField,
  expiresAt: timeField,
  current: z.boolean(),
});
export type OpenSession = z.output<typeof openSession>;

export const listSessions = defineRoute({
  name: 'listSessions',
  service: 'auth',
  method: 'GET',
  path: '/v1/sessions',
  summary: 'Where this user is signed in',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(openSession),
});
