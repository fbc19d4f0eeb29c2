import { z } from 'zod';
import { deviceIdField, pageOf, pageQuery, sessionIdField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const listSessions = defineRoute({
  name: 'listSessions',
  service: 'auth',
  method: 'GET',
  path: '/v1/sessions',
  summary: 'Where this user is signed in',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(
    z.object({
      sessionId: sessionIdField,
      deviceId: deviceIdField,
      deviceName: z.string(),
      createdAt: timeField,
      lastUsedAt: timeField,
      expiresAt: timeField,
      current: z.boolean(),
    }),
  ),
});
