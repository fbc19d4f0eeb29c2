import { routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import { etagOf } from '../content-headers.ts';
import type { Context } from '../context.ts';
import { putFile } from '../put-file.ts';

/** Gives a file new content. */
export function putContentRoute(context: Context): RouteBinding {
  return handle(routes.putContent, async (request) => {
    const { tenantId, actor, params, query, headers, signal } = request;
    const { drive, entry } = params;
    const work = { tenantId, actor, drive, entry, signal };
    const written = await putFile(context, work, { path: '/', mtime: query.mtime, headers, body: request.stream() });
    return reply({ status: 200, headers: { etag: etagOf(entry, written.entry.rev) }, body: written.entry });
  });
}
