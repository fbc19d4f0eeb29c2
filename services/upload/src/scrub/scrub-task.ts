import type { PackId } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Pace } from '../collect/pace.ts';
import type { Context } from '../context.ts';
import { listUnverifiedPacks, oldestVerificationMs } from '../store/list-unverified-packs.ts';
import { dropHealed, listDamage, recordScrub, type Damage } from '../store/record-scrub.ts';
import { scrubPack } from './scrub-pack.ts';
import { tellOfDamage } from './tell-of-damage.ts';

/** How often every pack is read. */
export type ScrubSettings = {
  /** Every pack is verified again within this time, if the rate allows. */
  readonly withinMs: number;
  readonly pace: Pace;
};

const packsOfStep = 20;

/**
 * Verifies the packs of one tenant that are due, the oldest first. A pack is due after half of the time within which it must
 * have been read, so that the other half is there for the work. What was verified is kept with the packs, some at a time: a
 * process that takes over goes on there.
 */
export function scrubTask(context: Context, { withinMs, pace }: ScrubSettings): (tenantId: TenantId, signal: AbortSignal) => Promise<void> {
  const { database, upkeepMetrics } = context;
  return async (tenantId, signal) => {
    for (;;) {
      const due = await listUnverifiedPacks(database, tenantId, withinMs / 2, packsOfStep);
      const verified: PackId[] = [];
      const damage: Damage[] = [];
      try {
        for (const { packId, sizeBytes } of due) {
          await pace.spend(sizeBytes, signal);
          signal.throwIfAborted();
          damage.push(...(await scrubPack(context, tenantId, packId, signal)));
          verified.push(packId);
          upkeepMetrics.scrubbedBytes.inc(sizeBytes);
        }
      } finally {
        await recordScrub(database, tenantId, verified, damage);
      }
      if (due.length < packsOfStep) break;
    }
    await dropHealed(database, tenantId);
    await tellOfDamage(context, tenantId, signal);
    upkeepMetrics.note(tenantId, {
      oldestMs: await oldestVerificationMs(database, tenantId),
      damagedChunks: (await listDamage(database, tenantId, undefined, 10_000)).length,
    });
  };
}
