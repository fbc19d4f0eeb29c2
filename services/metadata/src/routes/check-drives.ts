import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { checkDrives } from '../check-drives.ts';
import { requireUpload, type Context } from './context.ts';

/** Checks some drives of the tenant, for upload's check of all of it. */
export function bindCheckDrives({ database }: Context): RouteBinding {
  return handle(routes.checkDrives, (request) => {
    requireUpload(request);
    return checkDrives(database, request.tenantId, request.body, request.signal);
  });
}
