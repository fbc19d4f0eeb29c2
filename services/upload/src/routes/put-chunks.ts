import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { askPossession } from '../metadata.ts';
import { receiveFrames } from '../receive-frames.ts';
import { requireUpload } from '../require-upload.ts';

/** Takes chunks and list blocks for an upload, which an unknown id opens. */
export function putChunks(context: Context): RouteBinding {
  return handle(routes.putChunks, async (request) => {
    const {
      tenantId,
      actor,
      params: { drive },
      query: { uploadId },
      signal,
    } = request;
    const work = { tenantId, actor, drive, signal };
    await askPossession(context.metadata, work, drive, 'write', []);
    await requireUpload(context, { tenantId, drive, uploadId, userId: actor.userId });
    const { results } = await receiveFrames(context, { ...work, uploadId, keepProofs: true }, request.stream());
    return { results };
  });
}
