import type { PackId } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Context } from '../context.ts';
import { damageOf } from '../damage.ts';
import { bytesOf, groupChunksOf } from '../group-chunks.ts';
import type { Place } from '../place.ts';
import { condemnChunks } from '../store/condemn-chunks.ts';
import { findPlaces } from '../store/find-places.ts';
import { listDueChunks } from '../store/list-due-chunks.ts';
import { listIdleChunks } from '../store/list-idle-chunks.ts';
import { listDeadPacks, listSparsePacks } from '../store/list-wasteful-packs.ts';
import { moveChunks } from '../store/move-chunks.ts';
import { removeChunks } from '../store/remove-chunks.ts';
import { removePacks } from '../store/remove-packs.ts';
import { reviveChunks } from '../store/revive-chunks.ts';
import type { CollectionGround, Copied, PackRow } from './ground.ts';
import type { Pace } from './pace.ts';

/** How patient collection is and how fast it copies. */
export type CollectionSettings = {
  /** How long a chunk stays condemned, and how old it must be before. Longer than any statement or request may take. */
  readonly graceMs: number;
  /** How long a dead pack stays for whoever is reading it. */
  readonly readMs: number;
  /** Bytes read from and written to the pool. */
  readonly pace: Pace;
};

/** One tenant of this service, as collection sees it. */
export function databaseGround(
  context: Context,
  tenantId: TenantId,
  { graceMs, readMs, pace }: CollectionSettings,
  signal: AbortSignal,
): CollectionGround {
  const { database, metadata, pool } = context;
  return {
    listIdle: (after, limit) => listIdleChunks(database, tenantId, { after, limit, graceMs }),
    listDue: (after, limit) => listDueChunks(database, tenantId, { after, limit, graceMs }),
    async findReferenced(digests) {
      const body = { digests: [...digests] };
      const answer = await metadata.client.call(routes.findReferenced, { ...metadata.as({ tenantId, signal }), body });
      return new Set(answer.referenced);
    },
    condemn: (digests) => condemnChunks(database, tenantId, digests),
    reprieve: async (digests) => {
      await reviveChunks(database, tenantId, digests);
    },
    remove: (condemned) => removeChunks(database, tenantId, condemned),
    listSparse: (after, limit) => listSparsePacks(database, tenantId, { after, limit, graceMs }),
    listLive: (packId) => listLive(context, tenantId, packId),
    copy: (places) => copy(context, tenantId, places, pace, signal),
    move: (copied) => moveChunks(database, tenantId, copied),
    listDead: (limit) => listDeadPacks(database, tenantId, { limit, readMs, graceMs }),
    discard: (packIds) => pool.discard(packIds),
    forget: (packIds) => removePacks(database, tenantId, packIds),
  };
}

async function listLive({ database, pool }: Context, tenantId: TenantId, packId: PackId): Promise<Place[] | undefined> {
  try {
    const frames = await pool.index(tenantId, packId);
    const { places, condemned } = await findPlaces(
      database,
      tenantId,
      frames.map(({ digest }) => digest),
    );
    return [...places.values()]
      .filter((place) => place.packId === packId && !condemned.has(place.digest))
      .sort((a, b) => a.offset - b.offset);
  } catch (error) {
    if (damageOf(error) !== undefined) return undefined;
    throw error;
  }
}

/** Copies in groups that memory is taken for, as readers take it. What cannot be read stays where it is. */
async function copy(context: Context, tenantId: TenantId, places: readonly Place[], pace: Pace, signal: AbortSignal): Promise<Copied> {
  const from: Place[] = [];
  const to: Place[] = [];
  const packs = new Map<PackId, PackRow>();
  for (const group of groupChunksOf(places)) {
    const bytes = bytesOf(group);
    await pace.spend(2 * bytes, signal);
    signal.throwIfAborted();
    await context.sending.take(bytes, signal);
    try {
      const written = await context.pool.write(tenantId, await context.pool.read(tenantId, group));
      from.push(...group);
      to.push(...written.places);
      for (const pack of written.packs) packs.set(pack.packId, pack);
    } catch (error) {
      if (damageOf(error) === undefined) throw error;
    } finally {
      context.sending.release(bytes);
    }
  }
  return { from, to, packs: [...packs.values()] };
}
