import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { putLinkedFile } from '../put-linked-file.ts';
import { requireLink } from '../require-link.ts';

/** Takes a file from share, from the holder of a link. */
export function putLinkedFileRoute(context: Context): RouteBinding {
  return handle(routes.putLinkedFile, (request) => {
    const link = requireLink(request, 'uploader');
    const { tenantId, actor, params, query, signal } = request;
    const work = { tenantId, actor, link, drive: params.drive, signal };
    const { name, mtime, sizeBytes } = query;
    return putLinkedFile(context, work, { folder: params.entry, name, mtime, sizeHint: sizeBytes, body: request.stream() });
  });
}
