import type { EntryId, Place } from '@driftbox/domain';

/** What one side (disk or server) looks like before a plan is carried out there, as far as its order depends on it. */
export type Side = {
  readonly rootId: EntryId;
  /** Where an entry is; `undefined` when this side does not have it. */
  readonly placeOf: (entryId: EntryId) => Place | undefined;
  /** Which entry is at a place, or where this side cannot tell it from that place. */
  readonly at: (place: Place) => EntryId | undefined;
  /** Two names of one key cannot stand beside each other. */
  readonly keyOf: (name: string) => string;
  /** True for a folder that nothing can be put into now. */
  readonly isClosed: (folderId: EntryId) => boolean;
};

/** What should become of an entry's place on one side: made or moved to `to`, or removed. */
export type Wish = { readonly entryId: EntryId; readonly to: Place | undefined; readonly creates: boolean };

/** Why a wish cannot come true now: its folder is not there, its name is not free, or something in it has to stay. */
export type Blocked = { readonly by: 'parent' | 'name' | 'content'; readonly entryId: EntryId | undefined };

/** The wishes of one side by id, and what has to be known about them to bring them in order. */
export type Wishes = {
  readonly byId: ReadonlyMap<EntryId, Wish>;
  /** Under each entry with a wish, the entries with a wish that are in it now, without those in another one on the way. */
  readonly inside: ReadonlyMap<EntryId, readonly EntryId[]>;
};

/** One string for a folder and what this side sees of a name. */
export function slotOf(side: Side, { parentId, name }: Place): string {
  return `${parentId}/${side.keyOf(name)}`;
}

/** The nearest folder above an entry, as this side is now, that has a wish. */
export function wishAbove(side: Side, byId: ReadonlyMap<EntryId, Wish>, entryId: EntryId): Wish | undefined {
  for (let place = side.placeOf(entryId); place !== undefined && place.parentId !== side.rootId; place = side.placeOf(place.parentId)) {
    const wish = byId.get(place.parentId);
    if (wish !== undefined) return wish;
  }
  return undefined;
}

/** Gathers wishes, in any order. */
export function gatherWishes(side: Side, wishes: readonly Wish[]): Wishes {
  const byId = new Map<EntryId, Wish>();
  for (const wish of wishes) byId.set(wish.entryId, wish);
  const inside = new Map<EntryId, EntryId[]>();
  for (const { entryId, creates } of wishes) {
    const above = creates ? undefined : wishAbove(side, byId, entryId);
    if (above === undefined) continue;
    const there = inside.get(above.entryId);
    if (there === undefined) inside.set(above.entryId, [entryId]);
    else there.push(entryId);
  }
  return { byId, inside };
}
