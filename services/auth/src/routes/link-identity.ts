import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { linkIdentity } from '../issuer/link-identity.ts';
import { presentIdentity } from '../issuer/present-identity.ts';

/** Answers `linkIdentity`. */
export function bindLinkIdentity(context: Context): RouteBinding {
  return handle(routes.linkIdentity, async ({ tenantId, actor, address, body }) =>
    presentIdentity(await linkIdentity(context, tenantId, actor, body, address)),
  );
}
