import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { reportDamage } from '../report-damage.ts';
import { requireUpload, type Context } from './context.ts';

/** Upload found chunks that cannot be read. */
export function bindReportDamage({ database }: Context): RouteBinding {
  return handle(routes.reportDamage, async (request) => {
    requireUpload(request);
    await reportDamage(database, request.tenantId, request.body.digests);
    return undefined;
  });
}
