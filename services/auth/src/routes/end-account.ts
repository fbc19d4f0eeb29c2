import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { endAccount } from '../end-account.ts';

/** Answers `endAccount`, to metadata alone. */
export function bindEndAccount(context: Context): RouteBinding {
  return handle(routes.endAccount, async ({ caller, tenantId, actor, params, body, address }) => {
    if (caller !== 'metadata') throw new Problem('not_found');
    return { known: await endAccount(context, tenantId, actor, { userId: params.user, address, ...body }) };
  });
}
