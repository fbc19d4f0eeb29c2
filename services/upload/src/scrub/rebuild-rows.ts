import type { PackId } from '@driftbox/chunk-store';
import type { Digest, TenantId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Context } from '../context.ts';
import type { Place } from '../place.ts';
import { findPlaces } from '../store/find-places.ts';
import { rebuildChunks } from '../store/rebuild-chunks.ts';
import { orDamage, readGroup } from './scrub-pack.ts';

/** Most digests of one question to metadata. */
const askedAtOnce = 10_000;

/**
 * Gives chunks their row again that these packs hold, that a retained revision names, and that have none: a pack's own index says where
 * they lie. Each is read and verified under its digest before. Answers where they are found from now on.
 */
export async function rebuildRows(
  context: Context,
  tenantId: TenantId,
  packIds: readonly PackId[],
  signal: AbortSignal,
): Promise<readonly Place[]> {
  const lost = new Map<Digest, Place>();
  for (const packId of packIds) {
    const frames = await orDamage(() => context.pool.index(tenantId, packId));
    if (typeof frames === 'string') continue;
    for (const place of await lostOf(context, tenantId, frames, signal)) {
      if ((await readGroup(context, tenantId, [place], signal)) === undefined) lost.set(place.digest, place);
    }
  }
  const rebuilt = await rebuildChunks(context.database, tenantId, [...lost.values()]);
  return [...lost.values()].filter(({ digest }) => rebuilt.has(digest));
}

/** Frames of chunks without a row that should have one; the others are dead. */
async function lostOf(
  { database, metadata }: Context,
  tenantId: TenantId,
  frames: readonly Place[],
  signal: AbortSignal,
): Promise<Place[]> {
  const digests = frames.map(({ digest }) => digest);
  const { places } = await findPlaces(database, tenantId, digests);
  const unknown = digests.filter((digest) => !places.has(digest));
  const named = new Set<Digest>();
  for (let from = 0; from < unknown.length; from += askedAtOnce) {
    const body = { digests: unknown.slice(from, from + askedAtOnce) };
    const { referenced } = await metadata.client.call(routes.findReferenced, { ...metadata.as({ tenantId, signal }), body });
    for (const digest of referenced) named.add(digest);
  }
  return frames.filter(({ digest }) => named.has(digest));
}
