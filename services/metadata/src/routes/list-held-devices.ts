import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { listHeldDevices } from '../held-devices.ts';
import type { Context } from './context.ts';

/** Devices that the brake holds. */
export function bindListHeldDevices({ database }: Context): RouteBinding {
  return handle(routes.listHeldDevices, (request) => listHeldDevices(database, request, request.query.cursor, request.query.limit));
}
