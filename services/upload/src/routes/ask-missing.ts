import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { findPossessed } from '../possession.ts';
import { requireUpload } from '../require-upload.ts';
import { pinUpload } from '../store/pin-upload.ts';

/** Opens or renews an upload with its reservation, pins what it names, and says what to send. */
export function askMissing(context: Context): RouteBinding {
  return handle(routes.askMissing, async ({ tenantId, actor, params: { drive }, body, signal }) => {
    const { uploadId, sizeBytes, digests } = body;
    const { uploadTtlSeconds } = context.settings;
    const work = { tenantId, actor, drive, signal };
    await requireUpload(context, { tenantId, drive, uploadId, userId: actor.userId });
    const expiresAt = new Date(context.nowMs() + uploadTtlSeconds * 1000).toISOString();
    await context.metadata.client.call(routes.reserveBytes, {
      ...context.metadata.as(work),
      params: { drive, upload: uploadId },
      body: { sizeBytes, expiresAt },
    });
    const damaged = await pinUpload(context.database, tenantId, uploadId, digests, uploadTtlSeconds);
    const possessed = await findPossessed(context, work, 'write', digests);
    const asked = [...new Set(digests)];
    // What cannot be read any more heals when its bytes come again, which a list that is known would keep from coming.
    const missing = asked.filter((digest) => !possessed.has(digest) || damaged.has(digest));
    context.metrics.asked.inc({ answer: 'missing' }, missing.length);
    context.metrics.asked.inc({ answer: 'known' }, asked.length - missing.length);
    return { missing };
  });
}
