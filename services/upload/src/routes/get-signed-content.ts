import { Problem, routes } from '@driftbox/protocol';
import { actorOf, handle, type RouteBinding } from '@driftbox/service-kit';
import { answerContent } from '../answer-content.ts';
import { openContentToken } from '../content-token.ts';
import type { Context } from '../context.ts';

/** Sends what a signed URL grants. Whatever is wrong with the URL, the answer is `not_found`. */
export function getSignedContent(context: Context): RouteBinding {
  return handle(routes.getSignedContent, async ({ tenantId, params: { token }, headers, signal }) => {
    const granted = openContentToken(context.contentUrlSecret, tenantId, token, context.nowMs());
    if (granted === undefined) throw new Problem('not_found');
    const { drive, entry, rev, act, disposition } = granted;
    try {
      return await answerContent(context, { tenantId, actor: actorOf(act), drive, signal }, { entry, rev, disposition, headers });
    } catch (error) {
      if (error instanceof Problem && !error.retryable && error.code !== 'internal')
        throw new Problem('not_found', undefined, { cause: error });
      throw error;
    }
  });
}
