import type { TenantId } from '@driftbox/domain';
import { emptyTable, eraseTenant as erase, type Database } from '@driftbox/postgres';
import type { TenantErasure } from '@driftbox/protocol';

const steps = [emptyTable('link_uses'), emptyTable('links'), emptyTable('link_attempts'), emptyTable('invitations')];

/**
 * Erases the links and invitations of a tenant. Share keeps no intent and so does not know who is suspended: links of a tenant
 * that others erase lead nowhere anyway. Works for `budgetMs` at most; asked again it goes on.
 */
export function eraseTenant(database: Database, tenantId: TenantId, budgetMs: number): Promise<TenantErasure> {
  return erase(database, tenantId, { budgetMs, steps });
}
