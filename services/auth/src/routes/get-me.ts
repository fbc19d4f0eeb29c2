import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { presentAccount } from '../present-account.ts';
import { findUser } from '../store/find-user.ts';

/** Answers `getMe`. */
export function bindGetMe(context: Context): RouteBinding {
  return handle(routes.getMe, async ({ tenantId, actor, signal }) => {
    const user = await context.database.transaction(tenantId, (tx) => findUser(tx, actor.userId), { readOnly: true, signal });
    if (user === undefined) throw new Problem('unauthenticated');
    return presentAccount(user);
  });
}
