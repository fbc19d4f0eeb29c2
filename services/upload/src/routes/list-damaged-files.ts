import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { requireLink } from '../require-link.ts';
import { damagedIn } from '../scrub/damaged-in.ts';

/** Tells share which files of a link's drive cannot be read. */
export function listDamagedFiles(context: Context): RouteBinding {
  return handle(routes.listDamagedFiles, async (request) => {
    requireLink(request, 'viewer');
    return { revisions: await damagedIn(context, request.tenantId, request.params.drive, request.signal) };
  });
}
