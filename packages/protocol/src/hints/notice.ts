import { z } from 'zod';
import { defineMessage } from './message.ts';
import { traceparentField } from './traceparent-field.ts';

export const notice = defineMessage({
  name: 'notice',
  from: 'server',
  summary: "So many notifications of the user's inbox are unread",
  payload: z.object({ unread: z.number().int().min(0), traceparent: traceparentField }),
});
export type Notice = z.output<typeof notice.payload>;
