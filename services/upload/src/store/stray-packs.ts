import type { PackId, PackStat } from '@driftbox/chunk-store';
import { statement, type Database } from '@driftbox/postgres';

const noteStatement = statement({
  name: 'upload.note-strays',
  text: `
    WITH unnamed AS MATERIALIZED (SELECT pack_id FROM unnamed_packs($1::uuid[])), settled AS (
      DELETE FROM stray_packs s WHERE s.doomed_at IS NULL
        AND ($3::uuid IS NULL OR s.pack_id > $3) AND ($4::uuid IS NULL OR s.pack_id <= $4)
        AND NOT EXISTS (SELECT 1 FROM unnamed u WHERE u.pack_id = s.pack_id)
    )
    INSERT INTO stray_packs AS s (pack_id, size_bytes)
    SELECT f.pack_id, f.size_bytes FROM unnest($1::uuid[], $2::bigint[]) AS f (pack_id, size_bytes) JOIN unnamed USING (pack_id)
    ON CONFLICT (pack_id) DO UPDATE SET removed_at = NULL WHERE s.removed_at IS NOT NULL`,
});
const listDueStatement = statement({
  name: 'upload.list-due-strays',
  text: `
    SELECT replace(pack_id::text, '-', '') AS id, size_bytes FROM stray_packs
    WHERE removed_at IS NULL AND ($1::uuid IS NULL OR pack_id > $1)
      AND (doomed_at IS NOT NULL OR seen_at < now() - make_interval(secs => $2))
    ORDER BY pack_id LIMIT $3`,
});
const lockStatement = statement({
  name: 'upload.lock-strays',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('upload.stray_packs', 0))`,
});
const doomStatement = statement({
  name: 'upload.doom-stray',
  text: `
    UPDATE stray_packs SET doomed_at = coalesce(doomed_at, now())
    WHERE pack_id = $1 AND pack_id IN (SELECT pack_id FROM unnamed_packs(ARRAY[$1::uuid])) RETURNING 1`,
});
const endStatement = statement({
  name: 'upload.end-stray',
  text: `
    WITH old AS (DELETE FROM stray_packs WHERE removed_at < now() - interval '400 days')
    UPDATE stray_packs SET removed_at = now() WHERE pack_id = $1`,
});
const listStatement = statement({
  name: 'upload.list-strays',
  text: `
    SELECT replace(pack_id::text, '-', '') AS id, size_bytes, seen_at FROM stray_packs WHERE removed_at IS NULL
    ORDER BY pack_id LIMIT $1`,
});
const sumStatement = statement({
  name: 'upload.sum-strays',
  text: 'SELECT count(*) AS packs, coalesce(sum(size_bytes), 0)::bigint AS bytes FROM stray_packs WHERE removed_at IS NULL',
});

/** A pack that no row names; `seenAtMs`: when that was noticed. */
export type Stray = PackStat & { readonly seenAtMs: number };

/**
 * Notes which packs of a page of the pool, that after `after` up to `through` (absent: without end), nobody names; of those noted there
 * before, what has a row by now or is gone is forgotten.
 */
export async function noteStrays(
  database: Database,
  packs: readonly PackStat[],
  { after, through }: { readonly after: PackId | undefined; readonly through: PackId | undefined },
): Promise<void> {
  const values = [packs.map(({ id }) => id), packs.map(({ sizeBytes }) => sizeBytes), after ?? null, through ?? null];
  await database.query(noteStatement, values);
}

/** The next strays that were noted longer ago than `graceMs`, or are doomed already. */
export async function listDueStrays(
  database: Database,
  { after, limit, graceMs }: { readonly after: PackId | undefined; readonly limit: number; readonly graceMs: number },
): Promise<PackStat[]> {
  const { rows } = await database.query<{ id: PackId; size_bytes: number }>(listDueStatement, [after ?? null, graceMs / 1_000, limit]);
  return rows.map((row) => ({ id: row.id, sizeBytes: row.size_bytes }));
}

/** Settles that this pack never gets a row. False where it has one. */
export function doomStray(database: Database, packId: PackId): Promise<boolean> {
  return database.systemTransaction(async (tx) => {
    await tx.query(lockStatement);
    return (await tx.query(doomStatement, [packId])).rows.length > 0;
  });
}

/** Notes that its object is gone. That it may have no row is kept for as long as a process could have slept over it. */
export async function endStray(database: Database, packId: PackId): Promise<void> {
  await database.query(endStatement, [packId]);
}

/** Strays that are there, in the order of their ids. */
export async function listStrays(database: Database, limit: number): Promise<Stray[]> {
  const { rows } = await database.query<{ id: PackId; size_bytes: number; seen_at: number }>(listStatement, [limit]);
  return rows.map((row) => ({ id: row.id, sizeBytes: row.size_bytes, seenAtMs: row.seen_at }));
}

/** How many there are, and their bytes. */
export async function sumStrays(database: Database): Promise<{ readonly packs: number; readonly bytes: number }> {
  return (await database.query<{ packs: number; bytes: number }>(sumStatement)).rows[0] ?? { packs: 0, bytes: 0 };
}
