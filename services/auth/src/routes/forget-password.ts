import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { forgetPassword } from '../forget-password.ts';

/** Answers `forgetPassword`. */
export function bindForgetPassword(context: Context): RouteBinding {
  return handle(routes.forgetPassword, async ({ tenantId, body, address }) => {
    await forgetPassword(context, tenantId, body.email, address);
    return undefined;
  });
}
