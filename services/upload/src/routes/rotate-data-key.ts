import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { rotateDataKey } from '../keys/rotate-data-key.ts';

/** Adds a generation of a tenant's data key. */
export function rotateDataKeyRoute(context: Context): RouteBinding {
  return handle(routes.rotateDataKey, async ({ params, body }) => {
    const answer = await rotateDataKey(context, params.tenant, body.from);
    context.keys.forget(params.tenant);
    return answer;
  });
}
