import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { removeIdentity } from '../issuer/link-identity.ts';

/** Answers `removeIdentity`. */
export function bindRemoveIdentity(context: Context): RouteBinding {
  return handle(routes.removeIdentity, async ({ tenantId, actor, params, address }) => {
    await removeIdentity(context, tenantId, actor, params.identity, address);
    return undefined;
  });
}
