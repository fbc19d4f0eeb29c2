import type { EntryId } from '@driftbox/domain';
import { findBlocked } from './find-blocked.ts';
import { sequence } from './sequence.ts';
import type { Step } from './sequence.ts';
import { gatherWishes } from './side.ts';
import type { Blocked, Side, Wish } from './side.ts';

/** The steps that make wishes come true on one side, and the wishes that cannot come true in this pass. */
export type OrderedSide = {
  readonly steps: readonly Step[];
  readonly wishes: ReadonlyMap<EntryId, Wish>;
  readonly blocked: ReadonlyMap<EntryId, Blocked>;
};

/**
 * Brings wishes in order.
 *
 * @param pinned entries to be removed that something stays in.
 */
export function orderSide(side: Side, wanted: readonly Wish[], pinned: (wishes: ReadonlyMap<EntryId, Wish>) => Set<EntryId>): OrderedSide {
  const wishes = gatherWishes(side, wanted);
  const blocked = findBlocked(side, wishes, pinned(wishes.byId));
  const possible =
    blocked.size === 0
      ? wishes
      : gatherWishes(
          side,
          wanted.filter(({ entryId }) => !blocked.has(entryId)),
        );
  return { steps: sequence(side, possible), wishes: possible.byId, blocked };
}
