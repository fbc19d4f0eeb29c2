import { z } from 'zod';
import { countField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { notification } from './notification.ts';

export const listInbox = defineRoute({
  name: 'listInbox',
  service: 'notification',
  method: 'GET',
  path: '/v1/inbox',
  summary: 'What the caller was told in the last 90 days, newest first, and how much of it is unread',
  auth: 'user',
  query: pageQuery(100, 1000).extend({ of: z.enum(['all', 'unread']).default('all') }),
  answer: pageOf(notification).extend({ unread: countField }),
});
