import { z } from 'zod';
import { countField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const readInbox = defineRoute({
  name: 'readInbox',
  service: 'notification',
  method: 'POST',
  path: '/v1/inbox/read',
  summary: 'Mark notifications as read: these, or everything up to now. What is read already, or is not there, changes nothing',
  auth: 'user',
  body: z.object({ notifications: z.array(uuidField).min(1).max(1000).optional() }),
  answer: z.object({ unread: countField }),
});
