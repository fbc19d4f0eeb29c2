import { emptyTable, eraseTenant as erase } from '@driftbox/postgres';
import type { TenantId } from '@driftbox/domain';
import { Problem, type TenantErasure } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { removeTenant } from './store/remove-tenant.ts';

/** Those that others refer to last. */
const tables = [
  'refresh_tokens',
  'sessions',
  'devices',
  'mailed_secrets',
  'app_passwords',
  'identities',
  'issuer_proofs',
  'issuers',
  'users',
  'invitations',
  'login_attempts',
  'login_audit',
].map(emptyTable);

/**
 * Erases the people of a suspended tenant, and frees its hosts at once. Works for `budgetMs` at most; asked again it goes on,
 * and answers the receipt when it is done. Throws `not_suspended`.
 */
export function eraseTenant({ database }: Context, tenantId: TenantId, budgetMs: number): Promise<TenantErasure> {
  return erase(database, tenantId, {
    budgetMs,
    steps: tables,
    async begin(tx) {
      if (!(await removeTenant(tx))) throw new Problem('not_suspended');
    },
  });
}
