import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { undoWork } from '../undo-work.ts';
import type { Context } from './context.ts';

/** Undoes a page of what a device did. */
export function bindUndoWork({ database, onCommitted }: Context): RouteBinding {
  return handle(routes.undoWork, ({ tenantId, actor, body, signal }) => {
    const { since, deviceId: device, ...rest } = body;
    const asked = { tenantId, userId: actor.userId, signal, device, sinceMs: Date.parse(since), ...rest };
    return undoWork(database, asked, onCommitted);
  });
}
