import { routes } from '@driftbox/protocol';
import { disposition, handle, reply, type RouteBinding } from '@driftbox/service-kit';
import { archiveShared } from '../archive-shared.ts';
import type { Context } from '../context.ts';
import { visitOf } from './visit.ts';

/** Sends a folder as a zip. `HEAD` tells its size and counts nothing. */
export function bindArchiveShared(context: Context): RouteBinding {
  return handle(routes.archiveShared, async (request) => {
    const { name, sizeBytes, body } = await archiveShared(context, visitOf(request), request.query.entry, !request.head);
    const headers = {
      'content-type': 'application/zip',
      'content-length': String(sizeBytes),
      'content-disposition': disposition('attachment', name),
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    };
    return reply({ status: 200, headers, body });
  });
}
