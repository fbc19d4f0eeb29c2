import { restoreTenant } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { keptRows } from '../store/kept-rows.ts';
import { requireSuspended } from '../require-suspended.ts';

/** Takes a step of restoring a tenant. */
export function bindRestoreTenant({ database }: Pick<Context, 'database'>): RouteBinding {
  return handle(routes.restoreTenantInAuth, ({ params, body, deadline }) =>
    restoreTenant(database, params.tenant, keptRows, body, {
      permit: requireSuspended,
      budgetMs: deadline.remainingMs() / 2,
      decides: true,
    }),
  );
}
