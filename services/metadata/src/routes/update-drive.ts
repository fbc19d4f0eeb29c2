import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { updateDrive } from '../update-drive.ts';
import { askerOf, type Context } from './context.ts';

/** Renames a drive. */
export function bindUpdateDrive(context: Context): RouteBinding {
  const { database } = context;
  return handle(routes.updateDrive, (request) => updateDrive(database, askerOf(request), request.body.name));
}
