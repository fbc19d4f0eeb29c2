import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { unlockShared } from '../unlock-shared.ts';
import { visitOf } from './visit.ts';

/** Takes a link's password. */
export function bindUnlockShared(context: Context): RouteBinding {
  return handle(routes.unlockShared, (request) => unlockShared(context, visitOf(request), request.body.password));
}
