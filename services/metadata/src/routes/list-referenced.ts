import type { Digest } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listReferenced } from '../store/list-referenced.ts';
import { requireUpload, type Context } from './context.ts';

/** Which chunks have to be there? */
export function bindListReferenced({ database }: Context): RouteBinding {
  return handle(routes.listReferenced, async (request) => {
    requireUpload(request);
    const { after, limit } = request.body;
    const values = [request.tenantId, Buffer.from(after ?? '', 'hex'), limit];
    const { rows } = await database.withTenant<{ digest: Digest }>(request.tenantId, listReferenced, values, { signal: request.signal });
    return { digests: rows.map((row) => row.digest) };
  });
}
