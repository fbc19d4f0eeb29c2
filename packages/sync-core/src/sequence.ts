import assert from 'node:assert/strict';
import type { EntryId, Place } from '@driftbox/domain';
import { slotOf } from './side.ts';
import type { Side, Wishes } from './side.ts';

/** One step on one side. `stash` takes an entry out of the way, with all that is in it; it arrives later. */
export type Step = { readonly step: 'stash' | 'arrive' | 'remove'; readonly entryId: EntryId };

/**
 * How many entries may wait for each other before one of them is stashed instead: bounds the depth of recursion. A row of
 * names does not come near it: its far end arrives first.
 */
const maxWaiting = 200;

/**
 * The order in which wishes come true, so that each step finds its folder there and its name free, and removes nothing that
 * something is in. All wishes must be possible (see `findBlocked`). An entry is stashed only where entries wait for each
 * other in a circle (names swapped, a folder put into one that was in it), and arrives as soon as the circle is undone.
 */
export function sequence(side: Side, wishes: Wishes): Step[] {
  const sequencer = new Sequencer(side, wishes);
  const ids = [...wishes.byId.keys()].sort();
  const arrivals = ids.filter((entryId) => wishes.byId.get(entryId)?.to !== undefined);
  // What finds its way blocked by something stashed after it has its turn the second time round.
  for (let left = Infinity; sequencer.left < left;) {
    ({ left } = sequencer);
    for (const entryId of arrivals) sequencer.arriveInRow(entryId);
  }
  for (const entryId of ids) sequencer.remove(entryId);
  assert.equal(sequencer.left, 0, 'every step has its turn');
  return sequencer.steps;
}

type State = 'pending' | 'busy' | 'done';

class Sequencer {
  readonly steps: Step[] = [];
  readonly #side: Side;
  readonly #wishes: Wishes;
  readonly #states = new Map<EntryId, State>();
  readonly #stashed = new Set<EntryId>();
  /** Who is where by now, for the slots that changed. */
  readonly #slots = new Map<string, EntryId | undefined>();
  #busy = 0;
  /** Wishes that have not come true. */
  left: number;

  constructor(side: Side, wishes: Wishes) {
    this.#side = side;
    this.#wishes = wishes;
    this.left = wishes.byId.size;
  }

  /**
   * Brings an entry to its place, behind the row of those that hold each other's names before it; then what had to be stashed
   * for that, so that nothing is out of the way for longer than its circle takes.
   */
  arriveInRow(entryId: EntryId): void {
    for (const one of this.#rowFrom(entryId).reverse()) this.arrive(one);
    for (let left = Infinity; this.#stashed.size > 0 && this.left < left;) {
      ({ left } = this);
      for (const one of this.#stashed) this.arrive(one);
    }
  }

  /** An entry, the one that has the name it will take, the one that has the name that one will take, and so on. */
  #rowFrom(entryId: EntryId): EntryId[] {
    const row = new Set<EntryId>();
    for (let at: EntryId | undefined = entryId; at !== undefined && !row.has(at) && this.#stateOf(at) === 'pending';) {
      const to: Place | undefined = this.#wishes.byId.get(at)?.to;
      if (to === undefined) break;
      row.add(at);
      at = this.#holderOf(to);
    }
    return [...row];
  }

  /** Brings an entry to its place, or out of its way into the stash when somebody on whom that depends waits for this very entry. */
  arrive(entryId: EntryId): void {
    const { to, creates } = this.#wishes.byId.get(entryId) ?? { to: undefined, creates: false };
    if (to === undefined || this.#stateOf(entryId) !== 'pending') return;
    this.#begin(entryId);
    const arrived = this.#arriveAbove(to) && this.#makeRoom(entryId, to);
    if (!arrived) {
      this.#end(entryId, 'pending');
      if (!creates) this.#stash(entryId);
      return;
    }
    this.#leave(entryId);
    this.#slots.set(slotOf(this.#side, to), entryId);
    this.#stashed.delete(entryId);
    this.steps.push({ step: 'arrive', entryId });
    this.#end(entryId, 'done');
  }

  /** Removes an entry, after what is in it and has a wish of its own. */
  remove(entryId: EntryId): void {
    if (this.#wishes.byId.get(entryId)?.to !== undefined || this.#stateOf(entryId) !== 'pending') return;
    this.#begin(entryId);
    for (const inside of this.#wishes.inside.get(entryId) ?? []) this.#getOut(inside);
    this.#leave(entryId);
    this.steps.push({ step: 'remove', entryId });
    this.#end(entryId, 'done');
  }

  /** The folders above a place, from the top: made, or at their own places, so that nobody is put into himself. */
  #arriveAbove(to: Place): boolean {
    const above: EntryId[] = [];
    for (let place: Place | undefined = to; place !== undefined && place.parentId !== this.#side.rootId;) {
      above.push(place.parentId);
      place = this.#wishes.byId.get(place.parentId)?.to ?? this.#side.placeOf(place.parentId);
    }
    for (const folderId of above.reverse()) {
      this.arrive(folderId);
      if (this.#wishes.byId.get(folderId)?.to !== undefined && this.#stateOf(folderId) !== 'done') return false;
    }
    return true;
  }

  #makeRoom(entryId: EntryId, to: Place): boolean {
    const holder = this.#holderOf(to);
    if (holder === undefined || holder === entryId) return true;
    const isRemoved = this.#wishes.byId.get(holder)?.to === undefined;
    // Whoever is removing the folder waits for this entry to be out of it.
    if (isRemoved && this.#stateOf(holder) === 'busy') return false;
    this.#getOut(holder);
    return true;
  }

  #holderOf(place: Place): EntryId | undefined {
    const slot = slotOf(this.#side, place);
    return this.#slots.has(slot) ? this.#slots.get(slot) : this.#side.at(place);
  }

  /** Gets an entry out of where it is: to its own place, away, or into the stash. */
  #getOut(entryId: EntryId): void {
    if (this.#wishes.byId.get(entryId)?.to === undefined) return this.remove(entryId);
    if (this.#stateOf(entryId) === 'pending' && this.#busy < maxWaiting) this.arrive(entryId);
    if (this.#stateOf(entryId) !== 'done') this.#stash(entryId);
  }

  /** What is in it and will be elsewhere is stashed by itself first: nothing is ever taken out of a stashed folder. */
  #stash(entryId: EntryId): void {
    if (this.#stashed.has(entryId)) return;
    this.#emptyOf(entryId);
    this.#leave(entryId);
    this.#stashed.add(entryId);
    this.steps.push({ step: 'stash', entryId });
  }

  #emptyOf(entryId: EntryId): void {
    for (const inside of this.#wishes.inside.get(entryId) ?? []) {
      if (this.#stateOf(inside) === 'done') continue;
      if (this.#wishes.byId.get(inside)?.to === undefined) this.#emptyOf(inside);
      else this.#stash(inside);
    }
  }

  /** Frees the slot an entry has had from the beginning. */
  #leave(entryId: EntryId): void {
    const place = this.#side.placeOf(entryId);
    if (place === undefined || this.#stashed.has(entryId)) return;
    const slot = slotOf(this.#side, place);
    if (!this.#slots.has(slot)) this.#slots.set(slot, undefined);
  }

  #stateOf(entryId: EntryId): State {
    return this.#states.get(entryId) ?? 'pending';
  }

  #begin(entryId: EntryId): void {
    this.#states.set(entryId, 'busy');
    this.#busy += 1;
  }

  #end(entryId: EntryId, state: State): void {
    this.#states.set(entryId, state);
    this.#busy -= 1;
    if (state === 'done') this.left -= 1;
  }
}
