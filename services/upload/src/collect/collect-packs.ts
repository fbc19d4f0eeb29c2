import type { PackId } from '@driftbox/chunk-store';
import type { Place } from '../place.ts';
import type { CollectionGround, Removed } from './ground.ts';

/** Stored bytes that are read and written once more in one step. */
const gatheredBytes = 8 << 20;

/**
 * Writes what is live of the next mostly dead packs once more, gathered into new ones, and lets the chunks lie there; the old
 * packs are wholly dead then. Answers where to go on and the bytes that moved. What a crash leaves is a pack that no row names.
 */
export async function rewriteSparse(
  ground: CollectionGround,
  after: PackId | undefined,
  limit: number,
): Promise<{ readonly last: PackId | undefined; readonly movedBytes: number }> {
  const { items, last } = await ground.listSparse(after, limit);
  const places: Place[] = [];
  let [bytes, done] = [0, after];
  for (const packId of items) {
    const live = (await ground.listLive(packId)) ?? [];
    places.push(...live);
    bytes += live.reduce((sum, place) => sum + place.length, 0);
    done = packId;
    if (bytes >= gatheredBytes) break;
  }
  const isWhole = done === items.at(-1) || items.length === 0;
  const movedBytes = places.length === 0 ? 0 : await ground.move(await ground.copy(places));
  return { last: isWhole ? last : done, movedBytes };
}

/** Removes packs that are wholly dead: the object first, so that a crash leaves no object that nobody knows. */
export async function removeDead(ground: CollectionGround, limit: number): Promise<Removed> {
  const dead = (await ground.listDead(limit)).map(({ packId }) => packId);
  if (dead.length === 0) return { count: 0, bytes: 0 };
  await ground.discard(dead);
  return ground.forget(dead);
}
