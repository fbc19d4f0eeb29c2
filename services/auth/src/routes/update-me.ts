import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { userUpdated } from '../events.ts';
import { presentAccount } from '../present-account.ts';
import { setDisplayName } from '../store/set-display-name.ts';

/** Answers `updateMe`. */
export function bindUpdateMe(context: Context): RouteBinding {
  return handle(routes.updateMe, ({ tenantId, actor, body }) =>
    context.database.transaction(tenantId, async (tx) => {
      const user = await setDisplayName(tx, actor.userId, body.displayName);
      if (user === undefined) throw new Problem('unauthenticated');
      userUpdated(tx, user);
      return presentAccount(user);
    }),
  );
}
