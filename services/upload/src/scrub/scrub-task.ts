import type { PackId } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Pace } from '../collect/pace.ts';
import type { Context } from '../context.ts';
import { listUnverifiedPacks, oldestVerificationMs } from '../store/list-unverified-packs.ts';
import { dropHealed, listDamage, recordScrub, type Damage } from '../store/record-scrub.ts';
import { readsOf, scrubPack } from './scrub-pack.ts';
import { tellOfDamage } from './tell-of-damage.ts';

/** How often every pack is read. */
export type ScrubSettings = {
  /** Every pack is verified again within this time, if the rate allows. */
  readonly withinMs: number;
  readonly pace: Pace;
};

const packsOfStep = 20;
/** So many packs one after another that cannot be looked at: then pool or keys are away, and the rest would fare no better. */
const mostInARow = 3;
const mostFailed = 200;

/** Packs that could not be looked at for a reason that is not damage. They stay due. */
type Failed = Map<PackId, unknown>;

/**
 * Verifies the packs of one tenant that are due, the oldest first. A pack is due after half of the time within which it must
 * have been read, so that the other half is there for the work. What was verified is kept with the packs, some at a time: a
 * process that takes over goes on there. A pack that cannot be looked at holds no other up, and is thrown in the end. Whatever is thrown,
 * what was found is told before, and how old the oldest verification is.
 */
export function scrubTask(context: Context, { withinMs, pace }: ScrubSettings): (tenantId: TenantId, signal: AbortSignal) => Promise<void> {
  const { database, upkeepMetrics } = context;

  /** Answers whether more may be due. */
  async function step(tenantId: TenantId, failed: Failed, signal: AbortSignal): Promise<boolean> {
    const limit = packsOfStep + failed.size;
    const listed = await listUnverifiedPacks(database, tenantId, withinMs / 2, limit);
    const verified: PackId[] = [];
    const damage: Damage[] = [];
    let inARow = 0;
    try {
      for (const { packId, sizeBytes } of listed.filter((pack) => !failed.has(pack.packId))) {
        await pace.spend(sizeBytes * readsOf(context.pool), signal);
        signal.throwIfAborted();
        try {
          damage.push(...(await scrubPack(context, tenantId, { packId, sizeBytes }, signal)));
          verified.push(packId);
          upkeepMetrics.scrubbedBytes.inc(sizeBytes);
          inARow = 0;
        } catch (error) {
          failed.set(packId, error);
          inARow += 1;
          if (signal.aborted || inARow === mostInARow || failed.size === mostFailed) throw error;
        }
      }
    } finally {
      await recordScrub(database, tenantId, verified, damage);
    }
    return listed.length === limit;
  }

  return async (tenantId, signal) => {
    const failed: Failed = new Map();
    try {
      while (await step(tenantId, failed, signal));
      const [first] = failed;
      if (first !== undefined)
        throw new Error(`packs that could not be verified: ${failed.size}, ${first[0]} among them`, { cause: first[1] });
    } finally {
      await dropHealed(database, tenantId);
      upkeepMetrics.note(tenantId, {
        oldestMs: await oldestVerificationMs(database, tenantId),
        damagedChunks: (await listDamage(database, tenantId, undefined, 10_000)).length,
      });
      await tellOfDamage(context, tenantId, signal);
    }
  };
}
