import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { deleteDrive } from '../delete-drive.ts';
import { askerOf, type Context } from './context.ts';

/** Ends a drive. */
export function bindDeleteDrive({ database, onCommitted }: Context): RouteBinding {
  return handle(routes.deleteDrive, async (request) => {
    await deleteDrive(database, askerOf(request), onCommitted);
    return undefined;
  });
}
