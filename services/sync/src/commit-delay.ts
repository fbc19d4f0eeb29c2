import { z } from 'zod';

const committed = z.object({ type: z.literal('files.committed'), time: z.iso.datetime({ offset: true }) });

/** When the commit was made that this event tells of; `undefined` for an event of anything else. */
export function commitTimeMs(event: unknown): number | undefined {
  const parsed = committed.safeParse(event);
  return parsed.success ? Date.parse(parsed.data.time) : undefined;
}

/** Seconds between the two clocks' times. Clocks of two machines differ: what seems to come from the future took no time. */
export function delaySeconds(sinceMs: number, nowMs: number): number {
  return Math.max(0, nowMs - sinceMs) / 1000;
}
