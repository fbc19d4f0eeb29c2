import type { PackId } from '@driftbox/chunk-store';
import type { Digest, TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';
import type { DamageKind } from '../damage.ts';
import { fromBytes, toBytes } from '../digest-bytes.ts';
import { packIdOf } from './list-wasteful-packs.ts';

/** A chunk that cannot be read: its pack, or the part of it, is gone or does not verify. */
export type Damage = { readonly digest: Digest; readonly packId: PackId; readonly kind: DamageKind };

const recordScrubStatement = statement({
  name: 'upload.record-scrub',
  text: `
    WITH found AS (
      SELECT * FROM unnest($3::bytea[], $4::uuid[], $5::text[]) AS f (digest, pack_id, kind)
    ), healed AS (
      DELETE FROM damaged_chunks d WHERE d.tenant = $1 AND d.pack_id = ANY($2::uuid[]) AND d.digest NOT IN (SELECT digest FROM found)
    ), kept AS (
      INSERT INTO damaged_chunks (tenant, digest, pack_id, kind) SELECT $1, digest, pack_id, kind FROM found
      ON CONFLICT (tenant, digest) DO UPDATE SET pack_id = excluded.pack_id, kind = excluded.kind
    )
    UPDATE packs SET verified_at = now() WHERE tenant = $1 AND pack_id = ANY($2::uuid[])`,
});
const noteFoundStatement = statement({
  name: 'upload.note-found-damage',
  text: `
    INSERT INTO damaged_chunks (tenant, digest, pack_id, kind)
    SELECT DISTINCT ON (f.digest) $1::uuid, f.* FROM unnest($2::bytea[], $3::uuid[], $4::text[]) AS f (digest, pack_id, kind)
    ON CONFLICT (tenant, digest) DO NOTHING`,
});
const dropHealedStatement = statement({
  name: 'upload.drop-healed',
  text: `
    DELETE FROM damaged_chunks d WHERE d.tenant = $1
      AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.tenant = $1 AND c.digest = d.digest AND c.pack_id = d.pack_id)`,
});
const listDamageStatement = statement({
  name: 'upload.list-damage',
  text: `
    SELECT digest, pack_id, kind FROM damaged_chunks WHERE tenant = $1 AND digest > $2 ORDER BY digest LIMIT $3`,
});
const listUntoldStatement = statement({
  name: 'upload.list-untold-damage',
  text: 'SELECT digest FROM damaged_chunks WHERE tenant = $1 AND told_at IS NULL ORDER BY digest LIMIT $2',
});
const noteToldStatement = statement({
  name: 'upload.note-told-damage',
  text: 'UPDATE damaged_chunks SET told_at = now() WHERE tenant = $1 AND digest = ANY ($2::bytea[])',
});
const chunksOfPackStatement = statement({
  name: 'upload.chunks-of-pack',
  text: 'SELECT digest FROM chunks WHERE tenant = $1 AND pack_id = $2 LIMIT 20000',
});

/** Notes that packs were read, and which of their chunks could not be. */
export async function recordScrub(
  database: Database,
  tenantId: TenantId,
  packIds: readonly PackId[],
  damage: readonly Damage[],
): Promise<void> {
  if (packIds.length === 0) return;
  const values = [tenantId, packIds, ...damageColumns(damage)];
  await database.withTenant(tenantId, recordScrubStatement, values, { readOnly: false, attempts: 3 });
}

/** Notes chunks that could not be read, whatever else is in their packs. */
export async function noteFound(database: Database, tenantId: TenantId, damage: readonly Damage[]): Promise<void> {
  if (damage.length === 0) return;
  const values = [tenantId, ...damageColumns(damage)];
  await database.withTenant(tenantId, noteFoundStatement, values, { readOnly: false, attempts: 3 });
}

function damageColumns(damage: readonly Damage[]) {
  return [
    damage.map(({ digest }) => toBytes(digest)),
    damage.map(({ packId }) => packId),
    damage.map(({ kind }) => kind as string),
  ] as const;
}

/** Forgets the damage of chunks that are gone or lie elsewhere by now. */
export async function dropHealed(database: Database, tenantId: TenantId): Promise<void> {
  await database.withTenant(tenantId, dropHealedStatement, [tenantId], { readOnly: false, attempts: 3 });
}

/** The next damaged chunks after a digest, in order. */
export async function listDamage(database: Database, tenantId: TenantId, after: Digest | undefined, limit: number): Promise<Damage[]> {
  const { rows } = await database.withTenant<{ digest: Buffer; pack_id: string; kind: DamageKind }>(tenantId, listDamageStatement, [
    tenantId,
    after === undefined ? Buffer.alloc(0) : toBytes(after),
    limit,
  ]);
  return rows.map((row) => ({ digest: fromBytes(row.digest), packId: packIdOf(row.pack_id), kind: row.kind }));
}

/** Damaged chunks that nobody was told of yet. */
export async function listUntold(database: Database, tenantId: TenantId, limit: number): Promise<Digest[]> {
  const { rows } = await database.withTenant<{ digest: Buffer }>(tenantId, listUntoldStatement, [tenantId, limit]);
  return rows.map((row) => fromBytes(row.digest));
}

/** People were told of these. */
export async function noteTold(database: Database, tenantId: TenantId, digests: readonly Digest[]): Promise<void> {
  const values = [tenantId, digests.map(toBytes)];
  await database.withTenant(tenantId, noteToldStatement, values, { readOnly: false, attempts: 3 });
}

/** Every chunk whose row says that it lies in this pack. Reads all rows of the tenant: for packs that cannot say it themselves. */
export async function listChunksOfPack(database: Database, tenantId: TenantId, packId: PackId): Promise<Digest[]> {
  const { rows } = await database.withTenant<{ digest: Buffer }>(tenantId, chunksOfPackStatement, [tenantId, packId]);
  return rows.map((row) => fromBytes(row.digest));
}
