import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { rewrapKeys } from '../keys/rewrap-keys.ts';

/** Wraps data keys of some tenants again. */
export function rewrapKeysRoute(context: Context): RouteBinding {
  return handle(routes.rewrapKeysInUpload, ({ body, deadline }) => rewrapKeys(context, { ...body, budgetMs: deadline.remainingMs() / 4 }));
}
