import type { TenantId } from '@driftbox/domain';
import { emptyTable, eraseTenant as erase, type Database } from '@driftbox/postgres';
import type { TenantErasure } from '@driftbox/protocol';

const steps = [emptyTable('device_cursors')];

/**
 * Erases what devices of a tenant reported. Sync keeps no intent and so does not know who is suspended: what it holds is for
 * people to see, and is reported again. Works for `budgetMs` at most; asked again it goes on.
 */
export function eraseTenant(database: Database, tenantId: TenantId, budgetMs: number): Promise<TenantErasure> {
  return erase(database, tenantId, { budgetMs, steps });
}
