import { routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { cookieName, sealState } from '../issuer/sign-in-state.ts';
import { startSignIn } from '../issuer/start-sign-in.ts';
import { signInHeaders } from './sign-in-headers.ts';

/** Answers `startSignIn`. */
export function bindStartSignIn(context: Context): RouteBinding {
  return handle(routes.startSignIn, async ({ tenantId, params, query, headers }) => {
    const origin = context.originOf(headers['host'] ?? '');
    const callbackUrl = `${origin}/v1/oauth/${params.issuer}/callback`;
    const { location, kept } = await startSignIn(context, { tenantId, issuer: params.issuer, callbackUrl, ...query });
    const cookie = { name: cookieName(kept.state), value: sealState(context.cookieSecret, kept), lifeMs: context.lifetimes.issuerSignInMs };
    return reply({ status: 302, headers: signInHeaders(location, origin, cookie) });
  });
}
