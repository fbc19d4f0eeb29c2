import type { StoredChunk } from '@driftbox/chunk-store';
import type { Digest, TenantId } from '@driftbox/domain';
import type { Context } from './context.ts';
import type { Place } from './place.ts';
import { findDamaged } from './store/find-damaged.ts';
import { findPlaces, type Found } from './store/find-places.ts';
import { moveChunks } from './store/move-chunks.ts';
import { dropHealed } from './store/record-scrub.ts';
import { reviveChunks } from './store/revive-chunks.ts';

/** Which of these chunks, just looked up, are known to be damaged: for whoever brings their bytes they are missing. */
export async function damagedAmong(
  { database }: Pick<Context, 'database'>,
  tenantId: TenantId,
  { hasDamage, places }: Found,
): Promise<ReadonlySet<Digest>> {
  return new Set(hasDamage ? await findDamaged(database, tenantId, [...places.keys()]) : []);
}

/**
 * Stores chunks whose bytes came again while what the pool has of them is damaged: once they are durable they lie where they were written
 * now, for every revision that names them.
 */
export async function storeAnew({ database, pool }: Context, tenantId: TenantId, chunks: readonly StoredChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  const digests = chunks.map(({ digest }) => digest);
  await reviveChunks(database, tenantId, digests);
  const { places } = await findPlaces(database, tenantId, digests);
  const from: Place[] = [];
  const again: StoredChunk[] = [];
  for (const chunk of chunks) {
    const place = places.get(chunk.digest);
    if (place === undefined) continue;
    from.push(place);
    again.push(chunk);
  }
  // Deleted meanwhile, they are new.
  await pool.store(
    tenantId,
    chunks.filter(({ digest }) => !places.has(digest)),
  );
  if (again.length === 0) return;
  const { places: to, packs } = await pool.write(tenantId, again);
  await moveChunks(database, tenantId, { from, to, packs });
  await dropHealed(database, tenantId);
}
