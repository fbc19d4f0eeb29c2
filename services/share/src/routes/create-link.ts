import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { createLink } from '../create-link.ts';
import { presentLink } from '../present-link.ts';

/** Makes a link. */
export function bindCreateLink(context: Context): RouteBinding {
  return handle(routes.createLink, async ({ tenantId, actor, body, headers, signal }) => {
    const maker = { tenantId, actor, signal, idempotencyKey: headers['idempotency-key'] };
    return presentLink(context, tenantId, await createLink(context, maker, body), actor.userId);
  });
}
