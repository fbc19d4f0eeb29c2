import { isPaused } from '../annotations.ts';
import type { WantedCondition } from '../runtime/index.ts';
import { condition, saidStatus } from '../said-status.ts';
import { quotaFinalizer, type Quota, type QuotaStatus } from './quota.ts';

/** What is known of a Quota when it is decided on. */
export type QuotaObserved = {
  readonly quota: Quota;
  /** Names of the tenants that name it, in any order. */
  readonly tenants: readonly string[];
  /** What is wrong with its spec, a sentence each. */
  readonly faults: readonly string[];
  readonly epochMs: number;
};

/** What to do about its protection, and what to say of it. A Quota that may go needs nothing said any more. */
export type QuotaPlan =
  | { readonly protection: 'add' | 'keep'; readonly status: QuotaStatus }
  | { readonly protection: 'remove' }
  | { readonly protection: 'none' };

/** So many tenants are named in a message; of the others only the number. */
const mostNamed = 10;

/** Decides what a pass over a Quota does. A paused one keeps its protection, and is only said to be paused. */
export function planQuota(observed: QuotaObserved): QuotaPlan {
  const { quota, tenants, epochMs } = observed;
  const { finalizers = [], deletionTimestamp } = quota.metadata;
  const isProtected = finalizers.includes(quotaFinalizer);
  const isGoing = deletionTimestamp !== undefined;
  const paused = isPaused(quota);
  if (isGoing && !isProtected) return { protection: 'none' };
  if (isGoing && tenants.length === 0 && !paused) return { protection: 'remove' };
  const status = { ...saidStatus(quota, wanted(observed, isGoing, paused), epochMs), tenants: tenants.length };
  return { protection: isProtected || isGoing || paused ? 'keep' : 'add', status };
}

function wanted({ tenants, faults }: QuotaObserved, isGoing: boolean, paused: boolean): WantedCondition[] {
  return [
    ready(faults, isGoing),
    ...(faults.length === 0 ? [] : [condition('Stalled', 'True', 'InvalidSpec', faults.join('; '))]),
    ...(isGoing && tenants.length > 0 ? [condition('Deleting', 'True', 'InUse', `named by ${list(tenants)}`)] : []),
    ...(paused ? [condition('Paused', 'True', 'Annotated', 'the annotation driftbox.io/paused is "true"')] : []),
  ];
}

function ready(faults: readonly string[], isGoing: boolean): WantedCondition {
  if (isGoing) return condition('Ready', 'False', 'Waiting', 'it is to be deleted');
  if (faults.length > 0) return condition('Ready', 'False', 'Stalled', faults.join('; '));
  return condition('Ready', 'True', 'Succeeded', 'its limits hold for every tenant that names it');
}

/** The same text for the same tenants, so that it is not written again for their order. */
function list(tenants: readonly string[]): string {
  const sorted = tenants.toSorted();
  const more = sorted.length - mostNamed;
  return `${sorted.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
