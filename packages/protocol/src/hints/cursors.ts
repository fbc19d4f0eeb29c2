import { z } from 'zod';
import { head, maxHeads } from './head.ts';
import { defineMessage } from './message.ts';

export const cursors = defineMessage({
  name: 'cursors',
  from: 'client',
  summary: 'How far this device has come in these drives; kept for people to see, never used to decide anything',
  payload: z.object({ cursors: z.array(head).max(maxHeads) }),
});
