import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { presentDelivery } from '../webhook/present.ts';
import { replayDelivery } from '../webhook/replay.ts';

/** Sends something once more. */
export function bindReplayDelivery(context: Context): RouteBinding {
  return handle(routes.replayDelivery, async ({ tenantId, actor, params, signal }) =>
    presentDelivery(await replayDelivery(context, { tenantId, actor, signal }, params.webhook, params.delivery)),
  );
}
