import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { exchangeSignIn } from '../issuer/exchange-sign-in.ts';

/** Answers `exchangeSignIn`. */
export function bindExchangeSignIn(context: Context): RouteBinding {
  return handle(routes.exchangeSignIn, ({ tenantId, address, body }) => exchangeSignIn(context, { tenantId, address, ...body }));
}
