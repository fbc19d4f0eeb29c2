import { z } from 'zod';
import { head, maxHeads } from './head.ts';
import { defineMessage } from './message.ts';

/** What the client knows, named by `headsDigest`: where the server knows the same, the answer is `same`. */
const digest = z.string().regex(/^[0-9a-f]{16}$/);

export const heads = defineMessage({
  name: 'heads',
  from: 'client',
  summary: 'How far do the drives of this user go? Makes good whatever hints were lost',
  payload: z.object({ digest: digest.optional() }),
  answer: z.union([z.object({ same: z.literal(true) }), z.object({ heads: z.array(head).max(maxHeads) })]),
});
