import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import { releaseDevice } from '../held-devices.ts';
import type { Context } from './context.ts';

/** Lets a held device go on. */
export function bindReleaseDevice({ database }: Context): RouteBinding {
  return handle(routes.releaseDevice, (request) => releaseDevice(database, request, request.body.deviceId));
}
