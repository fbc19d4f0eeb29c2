import { planMade } from '../preview-made.ts';
import { poolBase } from './observe-pool.ts';
import { planPool, type PoolPlan, type PoolStep } from './plan-pool.ts';
import type { PoolObserved } from './pool-observed.ts';
import type { PoolParts } from './pool-parts.ts';
import { poolRelease } from './pool-release.ts';
import { poolFinalizer, poolManager as manager } from './pool.ts';

const told: Partial<Readonly<Record<PoolStep, string>>> = {
  protect: `put the finalizer ${poolFinalizer}`,
  makeMaster: 'make its keys, and then what follows from them',
  certify: 'certify its MinIO',
  stopServer: 'remove the StatefulSet of MinIO, whose nodes all begin anew',
};

/** A plan that takes no step, and tells what passes would change; a bucket of others is only looked at. */
export async function previewPool(parts: PoolParts, observed: PoolObserved, signal: AbortSignal): Promise<NonNullable<PoolPlan>> {
  const { steps = [], phase = { kind: 'paused' } as const } = planPool(observed) ?? {};
  if (phase.kind !== 'working' && phase.kind !== 'probing') return { steps: [], phase };
  const { bundled, namespace } = observed;
  const made = bundled && { namespace, base: poolBase(parts, bundled), manager, releases: [poolRelease(bundled)] };
  const first = steps.map((step) => told[step]);
  return { steps: [], phase: await planMade(parts, made, first, signal) };
}
