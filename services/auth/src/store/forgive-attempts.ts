import { statement, type Transaction } from '@driftbox/postgres';

const update = statement({
  name: 'auth.forgive-attempts',
  text: `UPDATE login_attempts SET attempts = CASE WHEN key = $2 THEN 0 ELSE greatest(attempts - 1, 0) END
         WHERE tenant = $1 AND (key = $2 OR key = ANY ($3::bytea[]))`,
});

/** After a success: `reset` starts anew, `less` lose the one attempt that was this one. */
export async function forgiveAttempts(tx: Transaction, reset: Buffer | undefined, less: readonly Buffer[]): Promise<void> {
  await tx.last(update, [tx.tenantId, reset, less]);
}
