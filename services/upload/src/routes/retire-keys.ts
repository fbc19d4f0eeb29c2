import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { retireKeys } from '../keys/retire-keys.ts';

/** Destroys generations of the key-encryption key that nothing is wrapped under. */
export function retireKeysRoute(context: Context): RouteBinding {
  return handle(routes.retireKeysInUpload, ({ body }) => retireKeys(context, body.generation));
}
