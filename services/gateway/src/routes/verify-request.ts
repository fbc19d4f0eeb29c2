import { defineRoute } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import { checkRequest } from '../check-request.ts';
import type { Context } from '../context.ts';
import { verdictHeaders, verifyPath } from '../verdict-headers.ts';

/**
 * NGINX's question about one request. It is no route of the platform's: nobody but the NGINX beside this process reaches
 * it. `service` names auth because what auth signed is checked here in its stead.
 */
export const verifyRequest = defineRoute({
  name: 'verifyRequest',
  service: 'auth',
  method: 'GET',
  path: verifyPath,
  summary: 'May a request with these headers go on to its service?',
  auth: 'none',
});

/** Answers NGINX: 204 admits; 401 and 403 refuse, because `auth_request` knows no other status. */
export function bindVerifyRequest(context: Context): RouteBinding {
  return handle(verifyRequest, async ({ headers, address, log }) => {
    const verdict = await checkRequest(context, { host: headers['host'] ?? '', authorization: headers['authorization'], address });
    context.metrics.verdict(verdict);
    if (verdict.kind === 'refused' && verdict.code === 'unavailable') log.warn({ err: verdict.cause }, 'a request could not be checked');
    const status = verdict.kind === 'admitted' ? 204 : verdict.code === 'unauthenticated' ? 401 : 403;
    return reply({ status, headers: verdictHeaders(verdict) });
  });
}
