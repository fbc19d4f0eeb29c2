import type { EntryId } from '@driftbox/domain';
import type { Plan } from './plan.ts';

/** What a plan is weighed against. All numbers count entries. */
export type SafetyCounts = {
  /** The synced folder is there and is the one that was synced. */
  readonly rootIsThere: boolean;
  readonly onDisk: number;
  readonly synced: number;
  /** How many synced entries are below one: a folder's delete is one operation whatever it takes with it. */
  readonly below: (entryId: EntryId) => number;
  readonly isOnDisk: (entryId: EntryId) => boolean;
};

/**
 * A plan is stopped when it does more than `share` (0 to 1) of what is synced and more than `atLeast` entries: half of six
 * files is a Tuesday, half of sixty thousand an accident.
 */
export type SafetyThresholds = { readonly share: number; readonly atLeast: number };

/**
 * Why a pass stops and asks before it does anything:
 * - `root_vanished`: the folder is not there: an unmounted disk, not a decision;
 * - `root_emptied`: there was something in it, and now there is nothing;
 * - `deletes_on_server`, `deletes_on_disk`, `rewrites_on_server`, `rewrites_on_disk`: too many at once. Rewriting everything
 *   is what an encrypting intruder does.
 */
export type Halt = {
  readonly reason: 'root_vanished' | 'root_emptied' | 'deletes_on_server' | 'deletes_on_disk' | 'rewrites_on_server' | 'rewrites_on_disk';
  /** How many entries it is about, of how many that are synced. */
  readonly entries: number;
  readonly of: number;
};

/** The first reason to stop, the gravest first; `undefined` when the plan may be carried out. */
export function checkSafety(plan: Plan, counts: SafetyCounts, thresholds: SafetyThresholds): Halt | undefined {
  const { synced, onDisk } = counts;
  if (!counts.rootIsThere) return { reason: 'root_vanished', entries: synced, of: synced };
  if (onDisk === 0 && synced > 0) return { reason: 'root_emptied', entries: synced, of: synced };
  const limit = Math.max(thresholds.atLeast, thresholds.share * synced);
  const steps = countSteps(plan, counts);
  const reason = (['deletes_on_server', 'deletes_on_disk', 'rewrites_on_server', 'rewrites_on_disk'] as const).find(
    (one) => steps[one] > limit,
  );
  return reason && { reason, entries: steps[reason], of: synced };
}

function countSteps({ remote, local }: Plan, { below, isOnDisk }: SafetyCounts) {
  const count = { deletes_on_server: 0, deletes_on_disk: 0, rewrites_on_server: 0, rewrites_on_disk: 0 };
  for (const operation of remote) {
    if (operation.op === 'delete') count.deletes_on_server += 1 + below(operation.entryId);
    if (operation.op === 'putFile' && operation.baseRev !== null) count.rewrites_on_server += 1;
  }
  for (const { op, entryId } of local) {
    if (op === 'remove') count.deletes_on_disk += 1;
    if (op === 'fetch' && isOnDisk(entryId)) count.rewrites_on_disk += 1;
  }
  return count;
}
