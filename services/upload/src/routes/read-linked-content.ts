import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { answerContent } from '../answer-content.ts';
import type { Context } from '../context.ts';
import { requireLink } from '../require-link.ts';

/** Sends a file's bytes to share, for the holder of a link. */
export function readLinkedContent(context: Context): RouteBinding {
  return handle(routes.readLinkedContent, (request) => {
    const link = requireLink(request, 'viewer');
    const { tenantId, actor, params, query, headers, signal } = request;
    const reading = { tenantId, actor, link, drive: params.drive, signal };
    return answerContent(context, reading, { entry: params.entry, rev: query.rev, disposition: 'attachment', headers });
  });
}
