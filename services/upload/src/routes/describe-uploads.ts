import { routes } from '@driftbox/protocol';
import { handle, reply, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { mostFileBytes } from '../tus/create-file.ts';
import { checksumAlgorithms } from '../tus/tus-request.ts';

/** What is spoken here of tus. */
export function describeUploadsRoute(_context: Context): RouteBinding {
  return handle(routes.describeUploads, () =>
    reply({
      headers: {
        'tus-extension': 'creation,expiration,checksum,termination',
        'tus-max-size': String(mostFileBytes),
        'tus-checksum-algorithm': checksumAlgorithms.join(','),
      },
    }),
  );
}
