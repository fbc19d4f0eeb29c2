import { routes } from '@driftbox/protocol';
import { claimsOf, handle, type RouteBinding } from '@driftbox/service-kit';
import { locate } from '../answer-content.ts';
import { sealContentToken } from '../content-token.ts';
import type { Context } from '../context.ts';

/** Signs a URL for one revision of a file, on the caller's own authority. */
export function createContentUrl(context: Context): RouteBinding {
  return handle(routes.createContentUrl, async ({ tenantId, actor, params: { drive, entry }, body, signal }) => {
    const { rev } = await locate(context, { tenantId, actor, drive, signal }, entry, body.rev);
    const expiresAtMs = context.nowMs() + body.ttlSeconds * 1000;
    const token = sealContentToken(context.contentUrlSecret, {
      tenantId,
      drive,
      entry,
      rev,
      act: claimsOf(actor),
      disposition: body.disposition,
      expiresAtMs,
    });
    return { path: `/v1/content/${token}`, expiresAt: new Date(expiresAtMs).toISOString() };
  });
}
