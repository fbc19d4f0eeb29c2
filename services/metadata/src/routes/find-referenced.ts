import type { Digest } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { findReferenced } from '../store/find-referenced.ts';
import { requireUpload, type Context } from './context.ts';

/** Which chunks may not be collected? */
export function bindFindReferenced({ database }: Context): RouteBinding {
  return handle(routes.findReferenced, async (request) => {
    requireUpload(request);
    const { rows } = await database.withTenant<{ digest: Digest }>(
      request.tenantId,
      findReferenced,
      [request.tenantId, request.body.digests],
      { signal: request.signal },
    );
    return { referenced: rows.map((row) => row.digest) };
  });
}
