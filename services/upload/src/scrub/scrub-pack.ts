import type { PackId } from '@driftbox/chunk-store';
import type { Digest, TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import { giveShared } from '@driftbox/threads';
import type { ChunkPool } from '../chunk-pool.ts';
import type { Context } from '../context.ts';
import { damageOf, type DamageKind } from '../damage.ts';
import { bytesOf, groupChunksOf } from '../group-chunks.ts';
import type { Place } from '../place.ts';
import { unpack } from '../read-plain.ts';
import { findPlaces } from '../store/find-places.ts';
import type { ListedPack } from '../store/list-unverified-packs.ts';
import { listChunksOfPack, type Damage } from '../store/record-scrub.ts';

/** Memory that two copies may be counted for: what there is of it at least. */
const mostCompared = 32 << 20;

/** How often a scrub reads the bytes of a pack. */
export function readsOf(pool: ChunkPool): number {
  return pool.isMirrored ? 3 : 1;
}

/**
 * Reads all that is live in a pack and verifies it under its digests. Answers what could not be read, in the end: damage is
 * looked at twice, since a store of several nodes may deny for a moment what it has, and since a second pool may have a good copy.
 * Where there is a second pool its copy is read, too, though no reader needs it yet. Throws what is not damage.
 */
export async function scrubPack(context: Context, tenantId: TenantId, pack: ListedPack, signal: AbortSignal): Promise<Damage[]> {
  if (context.pool.isMirrored) await compareCopies(context, pack, signal).catch(unlessAway);
  const first = await readPack(context, tenantId, pack.packId, signal);
  if (first.length === 0) return [];
  await context.pool.repair(pack.packId);
  return readPack(context, tenantId, pack.packId, signal);
}

/** Makes a damaged copy good from the other; both are in memory meanwhile. */
async function compareCopies({ pool, sending }: Context, { packId, sizeBytes }: ListedPack, signal: AbortSignal): Promise<void> {
  const bytes = Math.min(2 * sizeBytes, mostCompared);
  await sending.take(bytes, signal);
  try {
    await pool.compare(packId);
  } finally {
    sending.release(bytes);
  }
}

/** The outage of one pool of two keeps nobody from reading the other. */
function unlessAway(error: unknown): void {
  if (!(error instanceof Problem && error.code === 'unavailable')) throw error;
}

async function readPack(context: Context, tenantId: TenantId, packId: PackId, signal: AbortSignal): Promise<Damage[]> {
  const listed = await orDamage(() => context.pool.index(tenantId, packId));
  const isListed = typeof listed !== 'string';
  const digests = isListed ? listed.map(({ digest }) => digest) : await listChunksOfPack(context.database, tenantId, packId);
  const live = await placesIn(context, tenantId, packId, digests);
  const damage: Damage[] = [];
  for (const group of groupChunksOf(live)) {
    signal.throwIfAborted();
    if ((await readGroup(context, tenantId, group, signal)) === undefined) continue;
    for (const place of group) {
      const kind = await readGroup(context, tenantId, [place], signal);
      if (kind !== undefined) damage.push({ digest: place.digest, packId, kind });
    }
  }
  return damage;
}

/** Where those chunks lie that lie in this pack now, in its order. */
async function placesIn(context: Context, tenantId: TenantId, packId: PackId, digests: readonly Digest[]): Promise<Place[]> {
  const { places } = await findPlaces(context.database, tenantId, digests);
  return [...places.values()].filter((place) => place.packId === packId).sort((a, b) => a.offset - b.offset);
}

/** Reads chunks and verifies each under its digest. Answers what is wrong with one of them; throws what is not damage. */
export async function readGroup(
  context: Context,
  tenantId: TenantId,
  group: readonly Place[],
  signal: AbortSignal,
): Promise<DamageKind | undefined> {
  const bytes = bytesOf(group);
  await context.sending.take(bytes, signal);
  try {
    const read = await orDamage(async () => {
      for (const chunk of await context.pool.read(tenantId, group)) {
        await unpack(chunk);
        giveShared(chunk.bytes);
      }
    });
    return typeof read === 'string' ? read : undefined;
  } finally {
    context.sending.release(bytes);
  }
}

/** What `read` answers, or which damage it met; throws any other failure. */
export async function orDamage<T>(read: () => Promise<T>): Promise<T | DamageKind> {
  try {
    return await read();
  } catch (error) {
    const kind = damageOf(error);
    if (kind === undefined) throw error;
    return kind;
  }
}
