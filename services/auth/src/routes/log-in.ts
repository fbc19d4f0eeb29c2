import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { logIn } from '../log-in.ts';

/** Answers `logIn`. */
export function bindLogIn(context: Context): RouteBinding {
  return handle(routes.logIn, ({ tenantId, address, body }) => logIn(context, { tenantId, address, ...body }));
}
