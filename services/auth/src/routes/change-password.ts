import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { changePassword } from '../change-password.ts';

/** Answers `changePassword`. */
export function bindChangePassword(context: Context): RouteBinding {
  return handle(routes.changePassword, async ({ tenantId, actor, body, address }) => {
    await changePassword(context, tenantId, actor, body.currentPassword, body.newPassword, address);
    return undefined;
  });
}
