import type { TenantId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Context } from '../context.ts';
import { listUntold, noteTold } from '../store/record-scrub.ts';

const mostTold = 1_000;

/** Has metadata tell whose files have chunks that cannot be read: once for each chunk, or again where this process ends in between. */
export async function tellOfDamage({ database, metadata }: Context, tenantId: TenantId, signal: AbortSignal): Promise<void> {
  for (;;) {
    const digests = await listUntold(database, tenantId, mostTold);
    if (digests.length === 0) return;
    await metadata.client.call(routes.reportDamage, { ...metadata.as({ tenantId, signal }), body: { digests } });
    await noteTold(database, tenantId, digests);
  }
}
