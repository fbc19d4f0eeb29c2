import { routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { enterLink, noLink } from '../enter-link.ts';
import { beginDownload } from '../use-link.ts';
import { visitOf } from './visit.ts';

/** Counts a download and shows the way to its bytes, relative to where this was asked. */
export function bindDownloadShared(context: Context): RouteBinding {
  return handle(routes.downloadShared, async (request) => {
    const visit = visitOf(request);
    const { link, described } = await enterLink(context, visit, 'viewer', request.query.entry);
    if (described.entry.kind !== 'file') throw noLink();
    const secret = await beginDownload(context, visit, link, described.entry);
    const location = `/v1/shared/${visit.token}/downloads/${secret}`;
    return reply({
      status: 303,
      headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      body: new Uint8Array(),
    });
  });
}
