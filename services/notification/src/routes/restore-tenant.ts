import { restoreTenant } from '@driftbox/postgres';
import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { keptRows } from '../store/kept-rows.ts';

/** Takes a step of restoring a tenant. */
export function bindRestoreTenant({ database }: Pick<Context, 'database'>): RouteBinding {
  return handle(routes.restoreTenantInNotification, ({ params, body, deadline }) =>
    restoreTenant(database, params.tenant, keptRows, body, { budgetMs: deadline.remainingMs() / 2 }),
  );
}
