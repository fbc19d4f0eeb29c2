import { routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import { etagOf } from '../content-headers.ts';
import type { Context } from '../context.ts';
import { putFile } from '../put-file.ts';

/** Writes one file below a folder. */
export function putFileBelowRoute(context: Context): RouteBinding {
  return handle(routes.putFileBelow, async (request) => {
    const { tenantId, actor, params, query, headers, signal } = request;
    const work = { tenantId, actor, drive: params.drive, entry: params.entry, signal };
    const { entry, created } = await putFile(context, work, { path: params.path, mtime: query.mtime, headers, body: request.stream() });
    return reply({ status: created ? 201 : 200, headers: { etag: etagOf(entry.entryId, entry.rev) }, body: entry });
  });
}
