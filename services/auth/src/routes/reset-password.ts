import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { resetPassword } from '../reset-password.ts';

/** Answers `resetPassword`. */
export function bindResetPassword(context: Context): RouteBinding {
  return handle(routes.resetPassword, async ({ tenantId, body, address }) => {
    await resetPassword(context, tenantId, body.token, body.newPassword, address);
    return undefined;
  });
}
