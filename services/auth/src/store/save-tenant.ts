import type { TenantId } from '@driftbox/domain';
import { statement, type Transaction } from '@driftbox/postgres';
import { withoutSecrets, type TenantIntent } from '@driftbox/protocol';

/** Who may sign up: everybody, whoever was invited, or nobody. */
export type SignUpPolicy = 'open' | 'invite' | 'closed';
/** A tenant as sign-in needs it. */
export type TenantRow = {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly signUp: SignUpPolicy;
  readonly suspended: boolean;
};

const upsert = statement({
  name: 'auth.save-tenant',
  text: `INSERT INTO tenants AS t (id, name, sign_up, suspended, created_at, standing_at, intent, generation)
         VALUES ($1, $2, $3, $4::boolean, $5::timestamptz,
           CASE WHEN $4::boolean THEN $5::timestamptz END, $6::jsonb, coalesce($7::bigint, 0))
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, sign_up = excluded.sign_up, suspended = excluded.suspended,
           standing_at = CASE WHEN t.suspended <> excluded.suspended THEN $5::timestamptz ELSE t.standing_at END,
           intent = excluded.intent, generation = coalesce($7::bigint, t.generation)
         WHERE $7::bigint IS NULL OR t.generation <= $7::bigint`,
});

/**
 * Makes the tenant, or brings it to this state; holds its row until the transaction ends. `false`: a newer intent is kept,
 * nothing was changed.
 */
export async function saveTenant(tx: Transaction, intent: TenantIntent, nowMs: number): Promise<boolean> {
  const { tenantId, name, signUp, suspended, generation } = intent;
  const values = [tenantId, name, signUp, suspended, new Date(nowMs), withoutSecrets(intent), generation ?? null];
  return (await tx.query(upsert, values)).rowCount === 1;
}
