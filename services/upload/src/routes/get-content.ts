import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { answerContent } from '../answer-content.ts';
import type { Context } from '../context.ts';

/** Sends a file's bytes to a signed-in user. */
export function getContent(context: Context): RouteBinding {
  return handle(routes.getContent, ({ tenantId, actor, params: { drive, entry }, query, headers, signal }) =>
    answerContent(context, { tenantId, actor, drive, signal }, { entry, rev: query.rev, disposition: 'attachment', headers }),
  );
}
