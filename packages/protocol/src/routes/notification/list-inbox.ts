import { z } from 'zod';
import { countField, cursorField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { notification } from './notification.ts';

export const listInbox = defineRoute({
  name: 'listInbox',
  service: 'notification',
  method: 'GET',
  path: '/v1/inbox',
  summary: 'What the caller was told, newest first, and how much of it is unread',
  auth: 'user',
  query: z.object({
    cursor: cursorField.optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
    of: z.enum(['all', 'unread']).default('all'),
  }),
  answer: z.object({ items: z.array(notification), nextCursor: cursorField.optional(), unread: countField }),
});
