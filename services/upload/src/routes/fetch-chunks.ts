import type { Digest } from '@driftbox/domain';
import { digestField, framesMediaType, routes, Problem } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { fetchChunks } from '../fetch-chunks.ts';

/** Sends chunks and list blocks as frames. */
export function fetchChunksRoute(context: Context): RouteBinding {
  return handle(routes.fetchChunks, async ({ tenantId, actor, params: { drive }, body, signal }) => {
    const have = new Map<Digest, readonly Digest[]>();
    for (const [name, bases] of Object.entries(body.have ?? {})) {
      const digest = digestField.safeParse(name);
      if (!digest.success) throw new Problem('invalid_argument', 'A key of have is not a digest');
      have.set(digest.data, bases);
    }
    if (have.size > body.digests.length) throw new Problem('invalid_argument', 'have names more chunks than are asked for');
    const frames = await fetchChunks(context, { tenantId, actor, drive, signal }, { digests: body.digests, have });
    return reply({ status: 200, headers: { 'content-type': framesMediaType }, body: frames });
  });
}
