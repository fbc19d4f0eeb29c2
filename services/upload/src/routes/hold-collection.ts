import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { holdCollection } from '../store/hold-collection.ts';

/** Holds collection of a tenant back. */
export function holdCollectionRoute(context: Context): RouteBinding {
  return handle(routes.holdCollection, async ({ params, body }) => {
    await holdCollection(context.database, params.tenant, params.holder, body.seconds);
    return undefined;
  });
}
