import { statement, type Transaction } from '@driftbox/postgres';

const remove = statement({
  name: 'auth.remove-managed-issuers',
  text: 'DELETE FROM issuers WHERE tenant = $1 AND managed AND name <> ALL ($2::text[])',
});

/** Removes those that the platform's administrator set before, but for `kept`. */
export function removeManagedIssuers(tx: Transaction, kept: readonly string[]): void {
  tx.defer(remove, [tx.tenantId, kept]);
}
