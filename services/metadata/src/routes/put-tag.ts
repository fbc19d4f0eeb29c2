import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { putTag } from '../tags.ts';
import { askerOf, type Context } from './context.ts';

/** Tags an entry. */
export function bindPutTag(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.putTag, (request) =>
    putTag(database, askerOf(request), request.params.entry, request.params.tag, request.body.value),
  );
}
