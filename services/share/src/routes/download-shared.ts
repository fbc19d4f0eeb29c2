import { routes, type LinkedEntry } from '@driftbox/protocol';
import { disposition, handle, reply, type Reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { enterLink, noLink } from '../enter-link.ts';
import { beginDownload } from '../use-link.ts';
import { visitOf } from './visit.ts';

/** Counts a download and shows the way to its bytes, relative to where this was asked. `HEAD` describes the file and counts nothing. */
export function bindDownloadShared(context: Context): RouteBinding {
  return handle(routes.downloadShared, async (request) => {
    const visit = visitOf(request);
    const { link, described } = await enterLink(context, visit, 'viewer', request.query.entry);
    if (described.entry.kind !== 'file') throw noLink();
    if (request.head) return describeFile(described.entry);
    const secret = await beginDownload(context, visit, link, described.entry);
    const location = `/v1/shared/${visit.token}/downloads/${secret}`;
    return reply({
      status: 303,
      headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      body: new Uint8Array(),
    });
  });
}

/** What a chat program or a mail program asks before it shows a link. */
function describeFile({ name, sizeBytes = 0 }: LinkedEntry): Reply {
  const headers = {
    'content-type': 'application/octet-stream',
    'content-length': String(sizeBytes),
    'content-disposition': disposition('attachment', name),
    'cache-control': 'private, no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
  return reply({ status: 200, headers, body: new Uint8Array() });
}
