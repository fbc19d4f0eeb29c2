import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { describeLinked } from '../linked.ts';
import { locateContent } from '../locate-content.ts';
import { notHere } from '../read-entries.ts';
import { linkAskerOf, requireUpload, type Context } from './context.ts';

/** What a file consists of; to the holder of a link only of what is live and at or below its entry. */
export function bindLocateContent(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.locateContent, async (request) => {
    requireUpload(request);
    const asker = linkAskerOf(request);
    if (asker.link !== undefined) {
      if (asker.link.role !== 'viewer') throw notHere();
      await describeLinked(database, asker, request.params.entry);
    }
    return locateContent(database, asker, request.params.entry, request.query.rev);
  });
}
