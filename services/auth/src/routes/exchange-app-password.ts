import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { exchangeAppPassword } from '../exchange-app-password.ts';

/** Answers `exchangeAppPassword`. */
export function bindExchangeAppPassword(context: Context): RouteBinding {
  return handle(routes.exchangeAppPassword, async (request) => {
    if (request.tenantId !== request.body.tenantId) throw new Problem('permission_denied', 'The service token names another tenant');
    const { accessToken, expiresMs } = await exchangeAppPassword(context, request.body);
    return { accessToken, expiresAt: new Date(expiresMs).toISOString() };
  });
}
