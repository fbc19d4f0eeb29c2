import { statement, type Transaction } from '@driftbox/postgres';

const insert = statement({
  name: 'auth.insert-revocations',
  text: `INSERT INTO revocations (kind, subject, revoked_at) SELECT $1, subject, $3 FROM unnest($2::uuid[]) AS subject`,
});

/** Tells every service, within its next poll, that tokens of these sessions or users hold no longer. */
export function insertRevocations(tx: Transaction, kind: 'session' | 'user', subjects: readonly string[], nowMs: number): void {
  if (subjects.length > 0) tx.defer(insert, [kind, subjects, new Date(nowMs)]);
}
