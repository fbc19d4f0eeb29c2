import { findAgreements } from './find-agreements.ts';
import { keepParents } from './keep-parents.ts';
import { LocalNames } from './local-names.ts';
import { Merge } from './merge.ts';
import { planLocal } from './plan-local.ts';
import { planRemote } from './plan-remote.ts';
import type { Plan } from './plan.ts';
import type { ReconcileInput } from './reconcile-input.ts';
import { settleNames } from './settle-names.ts';
import { ThreeTrees } from './three-trees.ts';
import { yieldCycles } from './yield-cycles.ts';

/**
 * What one pass of sync has to do so that disk, server and synced tree become one: the heart of the client.
 *
 *     three trees -> a verdict about each changed entry -> verdicts brought in line with each other -> steps in order
 *
 * Three trees are merged into one, entry by entry and aspect by aspect (is it there, where, with what in it): what one side
 * left as it was agreed on, the other side decides; where both differ, the decision table in docs/sync.md does. What each
 * side lacks of the merged tree is then brought in an order in which every step is possible. Some things take two passes,
 * never more than a few, and then the plan is empty.
 *
 * Pure, total and deterministic. Its cost goes with what changed, not with what is there: a renamed folder is one entry.
 */
export function reconcile(input: ReconcileInput): Plan {
  const merge = new Merge(new ThreeTrees(input));
  for (const entryId of input.changed) merge.verdict(entryId);
  do keepParents(merge);
  while (yieldCycles(merge));
  const names = new LocalNames(input);
  const settled = settleNames(merge, names);
  const remote = planRemote(merge);
  const local = planLocal(merge, names, settled);
  return {
    agreements: findAgreements(merge),
    read: merge
      .all()
      .filter(({ fate }) => fate === 'unread')
      .map(({ entryId }) => entryId),
    remote,
    local: local.operations,
    waiting: local.waiting,
  };
}
