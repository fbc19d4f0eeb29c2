import { Problem, routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { countDataKeys } from '../store/count-data-keys.ts';

/** Lists the generations of a tenant's data key. */
export function listDataKeysRoute({ database }: Context): RouteBinding {
  return handle(routes.listDataKeys, async ({ params }) => {
    const items = await countDataKeys(database, params.tenant);
    if (items.length === 0) throw new Problem('not_found', 'This tenant has no data key');
    return { items };
  });
}
