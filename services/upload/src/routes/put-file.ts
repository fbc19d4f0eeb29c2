import { routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { etagOf } from '../content-headers.ts';
import { putFile } from '../put-file.ts';

/** Writes one file in one request. */
export function putFileRoute(context: Context): RouteBinding {
  return handle(routes.putFile, async (request) => {
    const {
      tenantId,
      actor,
      params: { drive, path },
      query,
      headers,
      signal,
    } = request;
    const { entry, created } = await putFile(
      context,
      { tenantId, actor, drive, signal },
      { path, mtime: query.mtime, headers, body: request.stream() },
    );
    return reply({ status: created ? 201 : 200, headers: { etag: etagOf(entry.entryId, entry.rev) }, body: entry });
  });
}
