import type { TenantId } from '@driftbox/domain';
import { emptyTable, eraseTenant as erase, type Database } from '@driftbox/postgres';
import { Problem, type TenantErasure } from '@driftbox/protocol';
import { lockTenant, removeTenant } from './store/read-intent.ts';

const steps = [
  'removals',
  'grants',
  'group_members',
  'groups',
  'reservations',
  'provisional_lists',
  'list_members',
  'lists',
  'changes',
  'revisions',
  'entry_tags',
  'entry_grants',
  'entries',
  'tombstones',
  'departures',
  'device_activity',
  'brakes',
  'commits',
  'drives',
  'holdings',
  'users',
].map(emptyTable);

/**
 * Erases the drives of a suspended tenant and all that belongs to them. Works for `budgetMs` at most; asked again it goes on,
 * and answers the receipt when it is done. Throws `not_suspended`.
 */
export function eraseTenant(database: Database, tenantId: TenantId, budgetMs: number): Promise<TenantErasure> {
  return erase(database, tenantId, {
    budgetMs,
    steps,
    async begin(tx) {
      const { rows } = await tx.query<{ suspended: boolean }>(lockTenant, [tenantId]);
      if (rows[0]?.suspended === false) throw new Problem('not_suspended');
      tx.defer(removeTenant, [tenantId]);
    },
  });
}
