import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { presentUser } from '../present-user.ts';
import { updateUser } from '../update-user.ts';

/** Answers `updateUser`. */
export function bindUpdateUser(context: Context): RouteBinding {
  return handle(routes.updateUser, async ({ tenantId, actor, params, body, address }) =>
    presentUser(await updateUser(context, tenantId, actor, { userId: params.user, address, ...body })),
  );
}
