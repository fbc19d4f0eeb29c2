import { z } from 'zod';
import { head, maxHeads } from '../../hints/head.ts';
import { defineRoute } from '../../route.ts';

const cursor = z.string().transform((text, context) => {
  const [drive, driveEpoch, seq = ''] = text.split(':');
  const parsed = head.safeParse({ drive, driveEpoch, seq: /^[0-9]{1,16}$/.test(seq) ? Number(seq) : undefined });
  if (parsed.success) return parsed.data;
  context.addIssue('is not drive:driveEpoch:seq');
  return z.NEVER;
});

/** `drive:driveEpoch:seq`, joined by commas; as many as leave room in the headers of a request. */
const cursorList = (most: number) =>
  z
    .string()
    .max(most * 100)
    .transform((text) => text.split(','))
    .pipe(z.array(cursor).max(most))
    .optional();

export const waitForChanges = defineRoute({
  name: 'waitForChanges',
  service: 'sync',
  method: 'GET',
  path: '/v1/changes/wait',
  summary: 'Wait until a drive is ahead of these cursors, or the deadline nears: hints for clients without sockets',
  auth: 'user',
  query: z.object({
    /** Drives that are not named are not waited for; without it the heads of all drives are answered at once. */
    cursors: cursorList(100),
    /** How far this device has come, where that is news: kept for people to see, never used to decide anything. */
    applied: cursorList(50),
    /** Of the last answer: a change of the user's drives since then is answered at once. */
    drivesTag: z.string().max(64).optional(),
  }),
  answer: z.object({
    /** Where those drives are that are ahead of their cursor or in another epoch; empty when nothing happened. */
    heads: z.array(head).max(maxHeads),
    /** Names the set of drives that this user may read; another tag, another set. */
    drivesTag: z.string(),
  }),
});
