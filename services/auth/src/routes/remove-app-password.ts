import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { removeAppPassword } from '../remove-app-password.ts';

/** Answers `removeAppPassword`. */
export function bindRemoveAppPassword(context: Context): RouteBinding {
  return handle(routes.removeAppPassword, async ({ tenantId, actor, params }) => {
    await removeAppPassword(context, tenantId, actor, params.appPassword);
    return undefined;
  });
}
