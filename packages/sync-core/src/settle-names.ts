import type { EntryId, Place } from '@driftbox/domain';
import { isUnread, samePlace, sameContent } from './compare.ts';
import { conflictName } from './conflict-name.ts';
import type { LocalNames } from './local-names.ts';
import type { Merge } from './merge.ts';
import type { Verdict } from './verdict.ts';

/** What became of names that two entries wanted. */
export type SettledNames = {
  /** Local entry to the remote one whose id it takes. */
  readonly adopted: ReadonlyMap<EntryId, EntryId>;
  /** The same, the other way. */
  readonly adopterOf: ReadonlyMap<EntryId, EntryId>;
  /** A conflict name for an entry at a place, free on both sides and in this plan; asked again it answers another one. */
  readonly conflictPlace: (entryId: EntryId, place: Place) => Place;
};

/**
 * A name that was given to one entry on the server and to another one here: two folders become one, and so do two files of
 * the same content, by the local one taking the remote id; otherwise the local one takes a conflict name.
 */
export function settleNames(merge: Merge, names: LocalNames): SettledNames {
  const settler = new NameSettler(merge, names);
  for (const { entryId } of merge.all()) settler.settle(entryId);
  return settler;
}

type GoesUp = Extract<Verdict, { readonly fate: 'goes_up' }>;
type Comes = Extract<Verdict, { readonly fate: 'comes' }>;

function isPlacedHere(verdict: Verdict): verdict is GoesUp | Extract<Verdict, { readonly fate: 'stays' }> {
  return verdict.fate === 'goes_up' || (verdict.fate === 'stays' && verdict.placedHere);
}

/** Undecided still, and no longer there on disk: it will hold the name no longer than until it has been read. */
function isLeaving({ fate, local }: Verdict, place: Place): boolean {
  return (fate === 'unread' || fate === 'unreadable') && local !== undefined && !samePlace(local, place);
}

class NameSettler implements SettledNames {
  readonly adopted = new Map<EntryId, EntryId>();
  readonly adopterOf = new Map<EntryId, EntryId>();
  readonly #merge: Merge;
  readonly #names: LocalNames;
  readonly #settled = new Set<EntryId>();
  readonly #given = new Set<string>();

  constructor(merge: Merge, names: LocalNames) {
    this.#merge = merge;
    this.#names = names;
  }

  settle(entryId: EntryId): void {
    const verdict = this.#merge.known(entryId);
    if (verdict === undefined || !isPlacedHere(verdict) || this.#settled.has(entryId)) return;
    this.#settled.add(entryId);
    const place = this.#inAdopted(verdict.place);
    const found = this.#merge.trees.input.remote.childAt(place.parentId, place.name);
    const holder = found === undefined || found.entryId === entryId ? undefined : this.#merge.verdict(found.entryId);
    const isHeld = holder?.place !== undefined && samePlace(holder.place, place);
    if (isHeld && verdict.fate === 'goes_up' && holder.fate === 'comes') this.#meet(verdict, holder, place);
    else if (isHeld && isLeaving(holder, place)) return;
    else if (isHeld) this.#merge.revise({ ...verdict, place: this.conflictPlace(entryId, place) });
    else if (!samePlace(place, verdict.place)) this.#merge.revise({ ...verdict, place });
  }

  conflictPlace = (entryId: EntryId, { parentId, name }: Place): Place => {
    const { remote, device, date } = this.#merge.trees.input;
    const isTaken = (made: string) => {
      const there = remote.childAt(parentId, made)?.entryId;
      const here = this.#names.at({ parentId: this.adopterOf.get(parentId) ?? parentId, name: made })?.entryId;
      const another = (id: EntryId | undefined) => id !== undefined && id !== entryId;
      return another(there) || another(here) || this.#given.has(`${parentId}/${this.#names.keyOf(made)}`);
    };
    const made = conflictName(name, device, date, isTaken);
    this.#given.add(`${parentId}/${this.#names.keyOf(made)}`);
    return { parentId, name: made };
  };

  /** Folders first: what lies in one that was adopted meets what lies in the remote one. */
  #inAdopted({ parentId, name }: Place): Place {
    this.settle(parentId);
    return { parentId: this.adopted.get(parentId) ?? parentId, name };
  }

  /** Two new entries of one name. */
  #meet(verdict: GoesUp, holder: Comes, place: Place): void {
    const isAlike = verdict.local.body.kind === holder.remote.body.kind;
    if (isAlike && isUnread(verdict.local.body)) {
      this.#merge.revise({ ...verdict, fate: 'unread', place: undefined });
    } else if (sameContent(verdict.local.body, holder.remote.body) || this.#isBareMount(verdict, holder)) {
      this.adopted.set(verdict.entryId, holder.entryId);
      this.adopterOf.set(holder.entryId, verdict.entryId);
      this.#merge.revise({ ...verdict, fate: 'adopts', place: undefined });
      this.#merge.revise({ ...holder, fate: 'adopted' });
    } else {
      this.#merge.revise({ ...verdict, place: this.conflictPlace(verdict.entryId, place) });
    }
  }

  /** An empty folder where a drive is to be mounted. One with something in it stays apart: nobody said that it is to be shared. */
  #isBareMount({ entryId, local }: GoesUp, { remote }: Comes): boolean {
    const isEmpty = local.body.kind === 'folder' && [...this.#merge.trees.input.local.childrenOf(entryId)].length === 0;
    return isEmpty && remote.body.kind === 'mount';
  }
}
