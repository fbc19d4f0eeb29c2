import type { RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { bindDeleteTenant } from './delete-tenant.ts';
import { bindGetPreferences } from './get-preferences.ts';
import { bindListInbox } from './list-inbox.ts';
import { bindReadInbox } from './read-inbox.ts';
import { bindUpdatePreferences } from './update-preferences.ts';

/** Every route of notification. */
export function bindRoutes(context: Context): RouteBinding[] {
  return [
    bindDeleteTenant(context),
    bindGetPreferences(context),
    bindListInbox(context),
    bindReadInbox(context),
    bindUpdatePreferences(context),
  ];
}
