import type { TenantId } from '@driftbox/domain';
import { emptyTable, eraseTenant as erase, type Database } from '@driftbox/postgres';
import type { TenantErasure } from '@driftbox/protocol';

const steps = ['mails', 'deliveries', 'webhooks', 'notifications', 'inboxes', 'preferences'].map(emptyTable);

/** Erases what people of a tenant were told, and their webhooks. Works for `budgetMs` at most; asked again it goes on. */
export function eraseTenant(database: Database, tenantId: TenantId, budgetMs: number): Promise<TenantErasure> {
  return erase(database, tenantId, { budgetMs, steps });
}
