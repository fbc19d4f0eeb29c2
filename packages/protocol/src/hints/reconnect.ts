import { z } from 'zod';
import { defineMessage } from './message.ts';

export const reconnect = defineMessage({
  name: 'reconnect',
  from: 'server',
  summary: 'This socket is about to be closed by a server that stops: connect again after so many milliseconds',
  payload: z.object({ afterMs: z.number().int().min(0).max(600_000) }),
});
