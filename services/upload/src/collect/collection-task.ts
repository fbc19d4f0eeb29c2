import type { TenantId } from '@driftbox/domain';
import type { Context } from '../context.ts';
import { fromBytes, toBytes } from '../digest-bytes.ts';
import { keepUpkeepPlace, readUpkeepPlace } from '../store/upkeep-places.ts';
import { collectTenant, type Collected } from './collect-tenant.ts';
import { databaseGround, type CollectionSettings } from './database-ground.ts';
import { Pace } from './pace.ts';

/** Rows of one step, and how many are looked at in a second. */
const rowsOfStep = 1_000;
const rowsPerSecond = 20_000;

/** Collects one tenant, from where an earlier round was when it ended too soon, and counts what it did. */
export function collectionTask(
  context: Context,
  settings: CollectionSettings,
): (tenantId: TenantId, signal: AbortSignal) => Promise<Collected> {
  const rows = new Pace(rowsPerSecond);
  return async (tenantId, signal) => {
    const { place } = await readUpkeepPlace(context.database, tenantId, 'collection');
    const done = await collectTenant(databaseGround(context, tenantId, settings, signal), {
      limit: rowsOfStep,
      place: place === undefined ? undefined : fromBytes(place),
      keep: (at) => keepUpkeepPlace(context.database, tenantId, 'collection', at === undefined ? undefined : toBytes(at)),
      pause: (some) => rows.spend(some, signal),
      signal,
    });
    const { collectedChunks, collectedBytes } = context.upkeepMetrics;
    collectedChunks.inc({ outcome: 'condemned' }, done.condemned);
    collectedChunks.inc({ outcome: 'removed' }, done.chunks);
    collectedBytes.inc({ what: 'dead' }, done.chunkBytes);
    collectedBytes.inc({ what: 'moved' }, done.movedBytes);
    collectedBytes.inc({ what: 'freed' }, done.packBytes);
    return done;
  };
}
