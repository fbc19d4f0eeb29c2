import { routes } from '@driftbox/protocol';
import { handle, type RouteBinding } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { asProblem } from '../pack-pool.ts';
import { listStrays, sumStrays } from '../store/stray-packs.ts';
import { readUpkeepRounds } from '../store/upkeep-places.ts';

const most = 1_000;

/** Shows what belongs to nothing in the pool. */
export function checkPoolRoute({ database, objects }: Context): RouteBinding {
  return handle(routes.checkPoolInUpload, async () => {
    const strays = await listStrays(database, most);
    const { packs, bytes } = await sumStrays(database);
    const foreign = (await Promise.all(objects.leftovers.map((place) => place.listForeign(most).catch(asProblem)))).flat();
    const ageMs = (await readUpkeepRounds(database)).get('strays');
    return {
      strays: strays.map(({ id, sizeBytes, seenAtMs }) => ({ packId: id, sizeBytes, seenAt: new Date(seenAtMs).toISOString() })),
      strayPacks: packs,
      strayBytes: bytes,
      foreign,
      ...(ageMs === undefined ? {} : { lookedSecondsAgo: Math.round(ageMs / 1_000) }),
    };
  });
}
