import { statement, type Transaction } from '@driftbox/postgres';

const lock = statement({
  name: 'auth.lock-signing-keys',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('driftbox.auth.signing-keys', 0))`,
});

/** Of processes that rotate at once, one does; the others then see what it did. */
export async function lockSigningKeys(tx: Transaction): Promise<void> {
  await tx.query(lock);
}
