import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

/** A job that goes over all of every tenant, or over the pool. */
export type UpkeepJobName = 'collection' | 'scrub' | 'recount' | 'mirror' | 'strays';

const readStatement = statement({
  name: 'upload.read-upkeep-place',
  text: 'SELECT place, ended_at FROM upkeep_places WHERE tenant = $1 AND job = $2',
});
const keepStatement = statement({
  name: 'upload.keep-upkeep-place',
  text: `
    INSERT INTO upkeep_places AS u (tenant, job, place, ended_at) VALUES ($1, $2, $3, CASE WHEN $3::bytea IS NULL THEN now() END)
    ON CONFLICT (tenant, job) DO UPDATE SET place = excluded.place, ended_at = coalesce(excluded.ended_at, u.ended_at)`,
});
const endRoundStatement = statement({
  name: 'upload.end-upkeep-round',
  text: `
    INSERT INTO upkeep_rounds (job, ended_at) VALUES ($1, now())
    ON CONFLICT (job) DO UPDATE SET ended_at = excluded.ended_at`,
});
const readRoundsStatement = statement({
  name: 'upload.read-upkeep-rounds',
  text: 'SELECT job, (extract(epoch FROM now() - ended_at) * 1000)::bigint AS age_ms FROM upkeep_rounds',
});

/** How far a job came with a tenant: where to go on (absent: from the beginning), and when it last came to the end, in ms. */
export async function readUpkeepPlace(
  database: Database,
  tenantId: TenantId,
  job: UpkeepJobName,
): Promise<{ readonly place: Buffer | undefined; readonly endedAtMs: number | undefined }> {
  const { rows } = await database.withTenant<{ place: Buffer | null; ended_at: number | null }>(tenantId, readStatement, [tenantId, job]);
  return { place: rows[0]?.place ?? undefined, endedAtMs: rows[0]?.ended_at ?? undefined };
}

/** Keeps the place; `undefined`: the job came to the end of the tenant. */
export async function keepUpkeepPlace(
  database: Database,
  tenantId: TenantId,
  job: UpkeepJobName,
  place: Buffer | undefined,
): Promise<void> {
  await database.withTenant(tenantId, keepStatement, [tenantId, job, place ?? null], { readOnly: false, attempts: 3 });
}

/** Notes that a job has come to the end of all tenants. */
export async function endUpkeepRound(database: Database, job: UpkeepJobName): Promise<void> {
  await database.query(endRoundStatement, [job]);
}

/** How long ago each job came to the end of all tenants, in milliseconds. */
export async function readUpkeepRounds(database: Database): Promise<Map<UpkeepJobName, number>> {
  const { rows } = await database.query<{ job: UpkeepJobName; age_ms: number }>(readRoundsStatement);
  return new Map(rows.map((row) => [row.job, row.age_ms]));
}
