import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { waitForChanges } from '../wait-for-changes.ts';
import { bearerOf, type Context } from './context.ts';

/** Proxies and clients take a connection on which nothing moves for a minute as dead. */
const maxHoldMs = 50_000;
/** Before the deadline, for the answer to leave in time. */
const marginMs = 500;

/** The long poll. */
export function bindWaitForChanges({ members, book, stopping }: Context): RouteBinding {
  return handle(routes.waitForChanges, async (request) => {
    const { tenantId, actor, query, signal, deadline } = request;
    const { userId, deviceId } = actor;
    const holdMs = Math.max(0, Math.min(maxHoldMs, deadline.remainingMs() - marginMs));
    const ended = AbortSignal.any([signal, stopping]);
    const waiting = {
      tenantId,
      userId,
      token: bearerOf(request),
      holdMs,
      signal: ended,
      cursors: query.cursors,
      drivesTag: query.drivesTag,
    };
    const waited = await waitForChanges(members, waiting);
    const readable = new Set(members.ofUser(tenantId, userId)?.drives);
    const applied = query.applied?.filter(({ drive }) => readable.has(drive)) ?? [];
    if (deviceId !== undefined) book.report({ tenantId, userId, deviceId }, applied);
    return waited;
  });
}
