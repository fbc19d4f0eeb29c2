import { routes, type AnswerOf, type Routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { findAffected } from '../store/find-affected.ts';
import { requireUpload, type Context } from './context.ts';

type Affected = AnswerOf<Routes['findAffected']>['revisions'][number];

/** Which revisions suffer when these chunks are damaged? */
export function bindFindAffected({ database }: Context): RouteBinding {
  return handle(routes.findAffected, async (request) => {
    requireUpload(request);
    const values = [request.tenantId, request.body.digests];
    const { rows } = await database.withTenant<Affected>(request.tenantId, findAffected, values, { signal: request.signal });
    return { revisions: rows };
  });
}
