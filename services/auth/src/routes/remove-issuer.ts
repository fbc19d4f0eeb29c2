import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { removeIssuer } from '../issuer/put-issuer.ts';

/** Answers `removeIssuer`. */
export function bindRemoveIssuer(context: Context): RouteBinding {
  return handle(routes.removeIssuer, async ({ tenantId, actor, params }) => {
    await removeIssuer(context, tenantId, actor, params.issuer);
    return undefined;
  });
}
