import { framesMediaType, routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { readTenantChunks } from '../tenant-chunks.ts';

/** Sends chunks of a tenant to a backup. */
export function readTenantChunksRoute(context: Context): RouteBinding {
  return handle(routes.readTenantChunks, async ({ params, body, signal }) => {
    const frames = await readTenantChunks(context, params.tenant, body.digests, signal);
    return reply({ status: 200, headers: { 'content-type': framesMediaType }, body: frames });
  });
}
