import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { requireAdministrator } from '../invite-user.ts';
import { presentIssuer } from '../issuer/present-issuer.ts';
import { listIssuers } from '../store/list-issuers.ts';

/** Answers `listIssuers`. */
export function bindListIssuers(context: Context): RouteBinding {
  return handle(routes.listIssuers, async ({ tenantId, actor, signal }) => {
    requireAdministrator(actor.role);
    const rows = await context.database.transaction(tenantId, (tx) => listIssuers(tx), { readOnly: true, signal });
    return { items: rows.map(presentIssuer) };
  });
}
