import type { RouteBinding } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { bindDeleteTenant } from './delete-tenant.ts';
import { bindListDeviceCursors } from './list-device-cursors.ts';
import { bindWaitForChanges } from './wait-for-changes.ts';

/** Every route of sync. */
export function bindRoutes(context: Context): RouteBinding[] {
  return [bindDeleteTenant(context), bindListDeviceCursors(context), bindWaitForChanges(context)];
}
