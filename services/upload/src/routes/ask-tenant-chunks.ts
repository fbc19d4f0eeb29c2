import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { findDamaged } from '../store/find-damaged.ts';
import { reviveChunks } from '../store/revive-chunks.ts';

/** Says what a restore has to bring. */
export function askTenantChunksRoute(context: Context): RouteBinding {
  return handle(routes.askTenantChunks, async ({ params, body }) => {
    const there = await reviveChunks(context.database, params.tenant, body.digests);
    for (const digest of await findDamaged(context.database, params.tenant, body.digests)) there.delete(digest);
    return { missing: body.digests.filter((digest) => !there.has(digest)) };
  });
}
