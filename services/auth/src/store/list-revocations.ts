import { statement, type Database } from '@driftbox/postgres';

const select = statement({
  name: 'auth.list-revocations',
  text: `SELECT revocation_id AS "id", kind, subject, revoked_at AS "atMs" FROM revocations
         WHERE (revoked_at, revocation_id) > ($1, $2) ORDER BY revoked_at, revocation_id LIMIT $3`,
});

export type RevocationRow = { readonly id: number; readonly kind: 'session' | 'user'; readonly subject: string; readonly atMs: number };

/** At most `limit` revocations after a place, oldest first. They belong to no tenant: ids alone. */
export async function listRevocations(database: Database, afterMs: number, afterId: number, limit: number): Promise<RevocationRow[]> {
  return (await database.query<RevocationRow>(select, [new Date(afterMs), afterId, limit])).rows;
}
