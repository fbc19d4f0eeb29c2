import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { refreshSession } from '../refresh-session.ts';

/** Answers `refreshToken`. */
export function bindRefreshToken(context: Context): RouteBinding {
  return handle(routes.refreshToken, ({ tenantId, address, body }) => refreshSession(context, tenantId, body.refreshToken, address));
}
