import { Problem, routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { finishSignIn } from '../issuer/finish-sign-in.ts';
import { cookieName, openState } from '../issuer/sign-in-state.ts';
import { signInHeaders } from './sign-in-headers.ts';

/** Answers `finishSignIn`. */
export function bindFinishSignIn(context: Context): RouteBinding {
  return handle(routes.finishSignIn, async ({ tenantId, params, query, headers, address }) => {
    const kept = openState(context.cookieSecret, headers['cookie'], query.state);
    const isOurs = kept?.tenantId === tenantId && kept.issuer === params.issuer && kept.expiresMs > context.nowMs();
    if (kept === undefined || !isOurs)
      throw new Problem('permission_denied', 'This sign-in was not begun in this browser, or took too long: begin again');
    const location = await finishSignIn(context, { tenantId, kept, answer: query, address });
    return reply({
      status: 302,
      headers: signInHeaders(location, kept.callbackUrl, { name: cookieName(kept.state), value: '', lifeMs: 0 }),
    });
  });
}
