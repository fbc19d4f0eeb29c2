import { isPlanAsked } from '../annotations.ts';
import { NotLeading, placeOf, type ObjectKey, type Reconcile, type Reconciled } from '../runtime/index.ts';
import { sayStatus } from '../say-status.ts';
import { executePool } from './execute-pool.ts';
import { metricOf, observePool } from './observe-pool.ts';
import { planPool, type PoolPlan } from './plan-pool.ts';
import { previewPool } from './preview-pool.ts';
import type { PoolObserved } from './pool-observed.ts';
import type { PoolParts } from './pool-parts.ts';
import { poolStatus, type PoolPassed } from './pool-status.ts';
import { poolManager, poolResource } from './pool.ts';
import type { Probe } from './probe-bucket.ts';

/** One that is under way, or that does not answer, is looked at again this soon. */
const soonMs = 2_000;
const retryMs = 15_000;
/** And one that is ready is asked this often whether it still answers. */
const oftenMs = 60_000;

/** Brings a StoragePool about: observes, decides, takes the steps, tries the bucket, and says how it is. */
export function reconcilePool(parts: PoolParts): Reconcile {
  const lastDeepMs = new Map<ObjectKey, number>();
  return async (key, { signal }): Promise<Reconciled> => {
    const pool = parts.pools.get(key);
    if (pool === undefined) {
      lastDeepMs.delete(key);
      parts.certificates.forget(metricOf(placeOf(key).name));
      return { kind: 'gone' };
    }
    const observed = await observePool(parts, pool, lastDeepMs.get(key), signal);
    const isPlanOnly = isPlanAsked(pool) && pool.metadata.deletionTimestamp === undefined;
    const plan = isPlanOnly ? await previewPool(parts, observed, signal) : planPool(observed);
    if (plan === undefined) return { kind: 'gone' };
    const probe = await pass(parts, observed, plan, signal);
    if (observed.isDeep) lastDeepMs.set(key, observed.epochMs);
    const { phase, steps } = plan;
    if (steps.includes('unprotect')) return { kind: 'gone' };
    if (phase.kind === 'working' || phase.kind === 'ending') return { kind: 'again', afterMs: soonMs };
    if (phase.kind !== 'probing') return { kind: 'settled' };
    return { kind: 'again', afterMs: probe?.kind === 'qualified' ? oftenMs : retryMs };
  };
}

/** Takes the steps and says what came of them, also where one failed. Throws what the step threw. */
async function pass(
  parts: PoolParts,
  observed: PoolObserved,
  { steps, phase }: NonNullable<PoolPlan>,
  signal: AbortSignal,
): Promise<Probe | undefined> {
  const say = (passed: Omit<PoolPassed, 'observed'>): Promise<void> =>
    sayStatus({ ...parts, kind: poolResource, manager: poolManager }, observed.pool, poolStatus({ observed, ...passed }), signal);
  try {
    const probe = await executePool(parts, observed, steps, signal);
    if (!steps.includes('unprotect')) await say({ phase, probe });
    return probe;
  } catch (error) {
    if (error instanceof NotLeading || signal.aborted) throw error;
    await say({ phase, failure: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}
