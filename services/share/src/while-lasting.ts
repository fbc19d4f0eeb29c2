import type { TenantId } from '@driftbox/domain';
import type { Context } from './context.ts';
import { noLink, requireTime } from './enter-link.ts';
import { findById } from './store/find-link.ts';
import type { LinkRow } from './store/link-row.ts';

/**
 * The same bytes, looking every `recheckMs` whether the link is still there: a revocation ends what it let in. Throws `not_found`
 * in the middle then.
 */
export async function* whileLasting(
  context: Context,
  tenantId: TenantId,
  link: LinkRow,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let checkedMs = context.nowMs();
  for await (const piece of bytes) {
    if (context.nowMs() - checkedMs >= context.recheckMs) {
      const [now] = (await context.database.withTenant<LinkRow>(tenantId, findById, [tenantId, link.linkId])).rows;
      if (now === undefined) throw noLink();
      requireTime(context, now);
      checkedMs = context.nowMs();
    }
    yield piece;
  }
}
