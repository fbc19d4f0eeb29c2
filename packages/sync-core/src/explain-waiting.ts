import type { EntryId } from '@driftbox/domain';
import type { Merge } from './merge.ts';
import type { OrderedSide } from './order-side.ts';
import type { Waiting, WaitingReason } from './plan.ts';
import type { Side, Wish } from './side.ts';

/**
 * Which entries wait for somebody to do something, and why. What is merely not possible in this pass (a name that is free
 * once the server has been told) is passed over: the next one does it.
 */
export function explainWaiting(merge: Merge, side: Side, wanted: readonly Wish[], order: OrderedSide): Waiting[] {
  const explainer = new Explainer(merge, side, wanted, order);
  return merge
    .all()
    .map(({ entryId }) => explainer.waiting(entryId))
    .filter((waiting) => waiting !== undefined);
}

class Explainer {
  readonly #merge: Merge;
  readonly #side: Side;
  readonly #wanted: ReadonlyMap<EntryId, Wish>;
  readonly #order: OrderedSide;
  readonly #known = new Map<EntryId, Waiting | undefined>();

  constructor(merge: Merge, side: Side, wanted: readonly Wish[], order: OrderedSide) {
    this.#merge = merge;
    this.#side = side;
    this.#wanted = new Map(wanted.map((wish) => [wish.entryId, wish]));
    this.#order = order;
  }

  waiting(entryId: EntryId): Waiting | undefined {
    if (this.#known.has(entryId)) return this.#known.get(entryId);
    // Entries that hold each other's names all wait if one of them does for a reason of its own.
    this.#known.set(entryId, undefined);
    const waiting = this.#explain(entryId);
    this.#known.set(entryId, waiting);
    return waiting;
  }

  #explain(entryId: EntryId): Waiting | undefined {
    const verdict = this.#merge.known(entryId);
    if (verdict?.fate === 'unreadable') return wait(entryId, 'unreadable', verdict.local?.unreadable ?? 'its folder cannot be read');
    const to = this.#wanted.get(entryId)?.to;
    if (to === undefined) return undefined;
    if (!this.#merge.trees.input.names.representable(to.name)) return wait(entryId, 'name_unrepresentable', to.name);
    const blocked = this.#order.blocked.get(entryId);
    if (blocked?.entryId === undefined) return undefined;
    const other = blocked.entryId;
    if (blocked.by === 'parent') {
      const parentWaits = this.#side.isClosed(other) || this.waiting(other) !== undefined;
      return parentWaits ? wait(entryId, 'parent_waits', to.name) : undefined;
    }
    // It has the name, or is to get it and has another one by now.
    const itsName = (this.#side.at(to) === other ? this.#side.placeOf(other) : this.#wanted.get(other)?.to)?.name;
    const clashes = itsName !== to.name || this.waiting(other) !== undefined || this.#isHeld(other);
    return clashes ? wait(entryId, 'name_clash', itsName ?? to.name) : undefined;
  }

  /** True for a folder that is to be removed, and has something in it that waits. */
  #isHeld(entryId: EntryId): boolean {
    const blocked = this.#order.blocked.get(entryId);
    if (blocked?.by !== 'content' || blocked.entryId === undefined) return false;
    return this.waiting(blocked.entryId) !== undefined || this.#isHeld(blocked.entryId);
  }
}

function wait(entryId: EntryId, reason: WaitingReason, detail: string): Waiting {
  return { entryId, reason, detail };
}
