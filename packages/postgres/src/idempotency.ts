import assert from 'node:assert/strict';
import type { Database } from './database.ts';
import { statement } from './statement.ts';
import type { Transaction } from './transaction.ts';

/** What an idempotency key belongs to; the tenant is the transaction's. */
export type IdempotencyScope = {
  readonly actor: string;
  readonly route: string;
  readonly key: string;
  /** A digest of the request's body: another body under the same key is a mistake of the caller. */
  readonly bodyHash: Uint8Array;
};

/** `ran`: done now. `replayed`: done before, and this was the answer. `mismatch`: the key was used with another body. */
export type IdempotentOutcome<Answer> =
  | { readonly outcome: 'ran' | 'replayed'; readonly answer: Answer }
  | { readonly outcome: 'mismatch' };

// A key still being worked on by another transaction makes this wait for that one's end.
const claimKey = statement({
  name: 'postgres.claim-idempotency-key',
  text: `INSERT INTO idempotency_keys AS held (tenant, actor, route, key, body_hash) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant, actor, route, key) DO UPDATE SET body_hash = excluded.body_hash, answer = NULL, created_at = now()
         WHERE held.created_at < now() - interval '24 hours'
         RETURNING 1`,
});

const readAnswer = statement({
  name: 'postgres.read-idempotent-answer',
  text: `SELECT body_hash, answer FROM idempotency_keys WHERE tenant = $1 AND actor = $2 AND route = $3 AND key = $4`,
});

const storeAnswer = statement({
  name: 'postgres.store-idempotent-answer',
  text: `UPDATE idempotency_keys SET answer = $5 WHERE tenant = $1 AND actor = $2 AND route = $3 AND key = $4`,
});

/**
 * Runs `fn` once per key within 24 hours and stores its answer (any JSON value) in the same transaction: if that does not
 * commit, nothing was done and nothing is stored. Needs `read committed`, the default. Of callers that race with one key
 * one runs; the others wait for its end, and then replay its answer, or run if it rolled back.
 */
export async function withIdempotency<Answer>(
  tx: Transaction,
  scope: IdempotencyScope,
  fn: () => Promise<Answer>,
): Promise<IdempotentOutcome<Answer>> {
  assert(tx.tenantId !== undefined, 'an idempotency key belongs to a tenant');
  const id = [tx.tenantId, scope.actor, scope.route, scope.key];
  const bodyHash = Buffer.from(scope.bodyHash);
  const claimed = await tx.query(claimKey, [...id, bodyHash]);
  if (claimed.rowCount === 1) {
    const answer = await fn();
    tx.defer(storeAnswer, [...id, JSON.stringify(answer ?? null)]);
    return { outcome: 'ran', answer };
  }
  const { rows } = await tx.query<{ body_hash: Buffer; answer: Answer }>(readAnswer, id);
  const [held] = rows;
  assert(held !== undefined, 'a key that could not be claimed is held');
  return held.body_hash.equals(bodyHash) ? { outcome: 'replayed', answer: held.answer } : { outcome: 'mismatch' };
}

const deleteExpired = statement({
  name: 'postgres.sweep-idempotency-keys',
  text: `DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM idempotency_keys WHERE created_at < now() - interval '24 hours' LIMIT $1))`,
});

/** Forgets at most `limit` keys older than 24 hours, of all tenants; as the relay's role, which the outbox relay does by itself. */
export async function sweepIdempotencyKeys(database: Database, limit: number): Promise<number> {
  const { rowCount } = await database.query(deleteExpired, [limit]);
  return rowCount ?? 0;
}
