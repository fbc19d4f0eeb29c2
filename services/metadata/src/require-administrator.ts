import type { TenantId, TenantRole, UserId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';

/** Who wants to see or change what is the tenant's. */
export type TenantAsker = {
  readonly tenantId: TenantId;
  readonly actor: { readonly userId: UserId; readonly role: TenantRole };
  readonly signal?: AbortSignal | undefined;
};

/** Whether somebody administers the tenant. */
export function isAdministrator({ role }: TenantAsker['actor']): boolean {
  return role === 'owner' || role === 'admin';
}

/** Throws `permission_denied` for who does not administer the tenant. */
export function requireAdministrator({ actor }: TenantAsker): void {
  if (!isAdministrator(actor)) throw new Problem('permission_denied', 'Only administrators of the tenant may do this');
}
