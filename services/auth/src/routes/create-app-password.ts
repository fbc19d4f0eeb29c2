import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { createAppPassword } from '../create-app-password.ts';

/** Answers `createAppPassword`. */
export function bindCreateAppPassword(context: Context): RouteBinding {
  return handle(routes.createAppPassword, async ({ tenantId, actor, body }) => {
    const { appPasswordId, name, scope, createdMs, secret } = await createAppPassword(context, tenantId, actor, body.name, body.scope);
    return { appPasswordId, name, scope, createdAt: new Date(createdMs).toISOString(), secret };
  });
}
