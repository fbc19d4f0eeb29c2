import { maxListLimit, type PackId } from '@driftbox/chunk-store';
import type { Pace } from '../collect/pace.ts';
import type { Context } from '../context.ts';
import { listTenants } from '../store/list-tenants.ts';
import { doomStray, endStray, listDueStrays, noteStrays, sumStrays } from '../store/stray-packs.ts';
import { isOurs } from './is-ours.ts';

/** How strays are looked for. */
export type StraySettings = {
  /** How long a pack without a row stays after it was noticed, and an unfinished write after it began. */
  readonly graceMs: number;
  /** Packs looked at. */
  readonly rows: Pace;
  /** Bytes read to tell whose a stray is. */
  readonly bytes: Pace;
};

const dueOfStep = 100;
const mostForeign = 1_000;

/**
 * One pass over the pool: notes objects that no row names, removes those that were noted a grace period ago and that a key of ours opens,
 * and ends writes that were begun as long ago. A pack that is being written is safe from it however slow its writer is: before it goes it
 * is settled, under a lock, that it has no row and can get none any more; whoever comes later with one is refused, and writes again.
 */
export function strayTask(context: Context, { graceMs, rows, bytes }: StraySettings): (signal: AbortSignal) => Promise<void> {
  const { database, objects, pool, upkeepMetrics } = context;

  async function look(signal: AbortSignal): Promise<void> {
    for (let after: PackId | undefined; ;) {
      await rows.spend(maxListLimit, signal);
      signal.throwIfAborted();
      const { packs, next } = await objects.store.list({ after, limit: maxListLimit });
      await noteStrays(database, packs, { after, through: next });
      if (next === undefined) return;
      after = next;
    }
  }

  /** Answers how many no key of ours opens. */
  async function remove(signal: AbortSignal): Promise<number> {
    const tenants = await listTenants(database);
    let unowned = 0;
    for (let after: PackId | undefined; ;) {
      const due = await listDueStrays(database, { after, limit: dueOfStep, graceMs });
      for (const { id, sizeBytes } of due) {
        await bytes.spend(sizeBytes, signal);
        signal.throwIfAborted();
        const ours = await isOurs(context, id, tenants);
        if (ours === false) unowned += 1;
        else if (await doomStray(database, id)) {
          await pool.discard([id]);
          await endStray(database, id);
          upkeepMetrics.strays.removed.inc({ what: 'pack' });
        }
      }
      after = due.at(-1)?.id;
      if (after === undefined) return unowned;
    }
  }

  return async (signal) => {
    await look(signal);
    let foreign = await remove(signal);
    for (const place of objects.leftovers) {
      upkeepMetrics.strays.removed.inc({ what: 'unfinished' }, (await place.endUnfinished(graceMs)).ended);
      foreign += (await place.listForeign(mostForeign)).length;
    }
    const { packs, bytes: sizeBytes } = await sumStrays(database);
    upkeepMetrics.strays.packs.set(packs);
    upkeepMetrics.strays.bytes.set(sizeBytes);
    upkeepMetrics.strays.foreign.set(foreign);
  };
}
