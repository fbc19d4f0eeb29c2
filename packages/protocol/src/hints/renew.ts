import { z } from 'zod';
import { timeField } from '../fields.ts';
import { defineMessage } from './message.ts';

export const renew = defineMessage({
  name: 'renew',
  from: 'client',
  summary: 'Go on with this access token of the same user; the socket closes when its newest token ends',
  payload: z.object({ token: z.string().min(1).max(8192) }),
  /** `code` is of the error catalogue; the socket then goes on with the token it had. */
  answer: z.union([z.object({ expiresAt: timeField }), z.object({ code: z.string() })]),
});
