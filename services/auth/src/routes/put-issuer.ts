import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { presentIssuer } from '../issuer/present-issuer.ts';
import { putIssuer } from '../issuer/put-issuer.ts';

/** Answers `putIssuer`. */
export function bindPutIssuer(context: Context): RouteBinding {
  return handle(routes.putIssuer, async ({ tenantId, actor, params, body }) =>
    presentIssuer(await putIssuer(context, tenantId, actor, params.issuer, body)),
  );
}
