import { statement, type Database } from '@driftbox/postgres';

const remove = statement({
  name: 'auth.sweep-revocations',
  text: `DELETE FROM revocations WHERE revocation_id IN (
           SELECT revocation_id FROM revocations WHERE revoked_at < $1 ORDER BY revoked_at LIMIT $2)`,
});

/** Forgets at most `limit` revocations whose tokens have all expired. */
export async function sweepRevocations(database: Database, beforeMs: number, limit: number): Promise<number> {
  return (await database.query(remove, [new Date(beforeMs), limit])).rowCount ?? 0;
}
