import { routes, type Head } from '@driftbox/protocol';
import type { Client } from '../client.ts';
import { noRetry } from '../retry.ts';

/** How long the server may hold a poll; less than the minute after which proxies and transports give up. */
const holdMs = 50_000;
/** Most that one question names (`waitForChanges`). */
const maxCursors = 100;
const maxApplied = 50;

/** One long poll's question. Without `cursors` all heads are answered at once. */
export type Poll = {
  readonly cursors: readonly Head[] | undefined;
  readonly applied: readonly Head[];
  readonly drivesTag: string | undefined;
  readonly signal: AbortSignal;
};

/** Asks once. Throws a `Problem`, or the reason of the signal. */
export function pollChanges(client: Client, poll: Poll): Promise<{ heads: Head[]; drivesTag: string }> {
  return client.call(routes.waitForChanges, {
    query: {
      cursors: poll.cursors === undefined || poll.cursors.length === 0 ? undefined : written(poll.cursors.slice(0, maxCursors)),
      applied: poll.applied.length === 0 ? undefined : written(poll.applied.slice(0, maxApplied)),
      drivesTag: poll.drivesTag,
    },
    retry: noRetry,
    deadlineMs: holdMs,
    signal: poll.signal,
  });
}

function written(heads: readonly Head[]): string {
  return heads.map(({ drive, driveEpoch, seq }) => `${drive}:${driveEpoch}:${seq}`).join(',');
}
