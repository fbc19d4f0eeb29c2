import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { writeTenantChunks } from '../tenant-chunks.ts';

/** Takes chunks of a tenant from a backup. */
export function writeTenantChunksRoute(context: Context): RouteBinding {
  return handle(routes.writeTenantChunks, (request) => writeTenantChunks(context, request.params.tenant, request.stream(), request.signal));
}
