import type { EntryId } from '@driftbox/domain';
import { slotOf } from './side.ts';
import type { Blocked, Side, Wish, Wishes } from './side.ts';

/**
 * The wishes that cannot come true in this pass, whatever the order: those that meet something that stays, and all that
 * depend on them. What is left can be done completely, so nothing is ever begun that has to be left half done.
 *
 * @param pinned entries to be removed that something stays in.
 */
export function findBlocked(side: Side, wishes: Wishes, pinned: ReadonlySet<EntryId>): ReadonlyMap<EntryId, Blocked> {
  const finder = new BlockFinder(side, wishes);
  for (const entryId of pinned) finder.block(entryId, { by: 'content', entryId: undefined });
  return finder.find();
}

class BlockFinder {
  readonly #side: Side;
  readonly #wishes: Wishes;
  readonly #blocked = new Map<EntryId, Blocked>();
  readonly #fresh: EntryId[] = [];
  /** Whom it concerns when an entry cannot have its wish. */
  readonly #dependents = new Map<EntryId, { readonly entryId: EntryId; readonly by: Blocked['by'] }[]>();
  readonly #slots = new Map<string, EntryId>();

  constructor(side: Side, wishes: Wishes) {
    this.#side = side;
    this.#wishes = wishes;
  }

  block(entryId: EntryId, why: Blocked): void {
    if (this.#blocked.has(entryId)) return;
    this.#blocked.set(entryId, why);
    this.#fresh.push(entryId);
  }

  find(): ReadonlyMap<EntryId, Blocked> {
    for (const wish of this.#wishes.byId.values()) {
      if (wish.to !== undefined) this.#lookAtArrival(wish, wish.to);
      for (const inside of this.#wishes.inside.get(wish.entryId) ?? []) {
        if (wish.to === undefined) this.#depend(wish.entryId, inside, 'content');
      }
    }
    do this.#spread();
    while (this.#blockCycles());
    return this.#blocked;
  }

  #spread(): void {
    for (let entryId = this.#fresh.pop(); entryId !== undefined; entryId = this.#fresh.pop()) {
      for (const dependent of this.#dependents.get(entryId) ?? []) this.block(dependent.entryId, { by: dependent.by, entryId });
    }
  }

  /** A folder cannot go into one that was to come out of it and has to stay. Answers whether there were any. */
  #blockCycles(): boolean {
    // All are found before any is blocked, so that it does not matter where the search began.
    const tangled = [...this.#wishes.byId.values()].filter((wish) => !this.#blocked.has(wish.entryId) && this.#isAboveItself(wish));
    for (const { entryId, to } of tangled) this.block(entryId, { by: 'parent', entryId: to && this.#whatStaysAbove(to.parentId) });
    return tangled.length > 0;
  }

  #isAboveItself({ entryId, to, creates }: Wish): boolean {
    return !creates && to !== undefined && this.#wayUp(to.parentId).includes(entryId);
  }

  /** What was to come out of a folder and stays in it, on the way up from here. */
  #whatStaysAbove(entryId: EntryId): EntryId {
    return this.#wayUp(entryId).find((above) => this.#blocked.has(above)) ?? entryId;
  }

  /** An entry and all that it will be in, as far as is known by now: each once, where they go round. */
  #wayUp(entryId: EntryId): EntryId[] {
    const way: EntryId[] = [];
    for (let at: EntryId | undefined = entryId; at !== undefined && !way.includes(at); at = this.#parentOf(at)) way.push(at);
    return way;
  }

  /** The folder an entry will be in, as far as is known by now. */
  #parentOf(entryId: EntryId): EntryId | undefined {
    const wish = this.#blocked.has(entryId) ? undefined : this.#wishes.byId.get(entryId);
    return (wish?.to ?? this.#side.placeOf(entryId))?.parentId;
  }

  #lookAtArrival({ entryId }: Wish, to: NonNullable<Wish['to']>): void {
    const { parentId } = to;
    if (parentId !== this.#side.rootId) {
      const parent = this.#wishes.byId.get(parentId);
      if (parent?.creates === true) this.#depend(entryId, parentId, 'parent');
      else if (this.#side.placeOf(parentId) === undefined || this.#side.isClosed(parentId))
        this.block(entryId, { by: 'parent', entryId: parentId });
    }
    const holder = this.#side.at(to);
    if (holder !== undefined && holder !== entryId) {
      if (this.#wishes.byId.has(holder)) this.#depend(entryId, holder, 'name');
      else this.block(entryId, { by: 'name', entryId: holder });
    }
    this.#take(slotOf(this.#side, to), entryId, holder);
  }

  /** Of several entries that want one name, the one that has it keeps it; otherwise the oldest id gets it. */
  #take(slot: string, entryId: EntryId, holder: EntryId | undefined): void {
    const taker = this.#slots.get(slot);
    if (taker === undefined) {
      this.#slots.set(slot, entryId);
      return;
    }
    const wins = entryId === holder || (taker !== holder && entryId < taker);
    if (wins) this.#slots.set(slot, entryId);
    this.block(wins ? taker : entryId, { by: 'name', entryId: wins ? entryId : taker });
  }

  #depend(entryId: EntryId, on: EntryId, by: Blocked['by']): void {
    const there = this.#dependents.get(on);
    if (there === undefined) this.#dependents.set(on, [{ entryId, by }]);
    else there.push({ entryId, by });
  }
}
