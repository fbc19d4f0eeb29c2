import type { RouteBinding } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { bindListDeviceCursors } from './list-device-cursors.ts';
import { bindWaitForChanges } from './wait-for-changes.ts';

/** Every route of sync. */
export function bindRoutes(context: Context): RouteBinding[] {
  return [bindListDeviceCursors(context), bindWaitForChanges(context)];
}
