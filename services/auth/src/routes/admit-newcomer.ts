import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { admitNewcomer } from '../invite-user.ts';

/** Answers `admitNewcomer`, to share alone. */
export function bindAdmitNewcomer(context: Context): RouteBinding {
  return handle(routes.admitNewcomer, async ({ caller, tenantId, actor, body }) => {
    if (caller !== 'share') throw new Problem('not_found');
    return { way: await admitNewcomer(context, tenantId, actor, body.email) };
  });
}
