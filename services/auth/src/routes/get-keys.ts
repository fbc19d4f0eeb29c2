import { routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';

/** Answers `getKeys`. */
export function bindGetKeys(context: Context): RouteBinding {
  return handle(routes.getKeys, () =>
    reply({ body: { keys: context.keys.publicKeys() }, headers: { 'cache-control': 'public, max-age=60' } }),
  );
}
