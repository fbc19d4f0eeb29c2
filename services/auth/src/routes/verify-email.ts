import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { verifyEmail } from '../verify-email.ts';

/** Answers `verifyEmail`. */
export function bindVerifyEmail(context: Context): RouteBinding {
  return handle(routes.verifyEmail, async ({ tenantId, body }) => {
    await verifyEmail(context, tenantId, body.token);
    return undefined;
  });
}
