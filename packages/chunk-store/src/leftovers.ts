/** What lies where a store keeps its packs and is no pack. */
export type Leftovers = {
  /** Names that no pack has, at most `limit`. Whose they are is unknown: a store never touches them. Throws `StoreError`. */
  listForeign(limit: number): Promise<string[]>;
  /** Removes what was begun to be written longer ago than so many milliseconds and came to no end; the rest stays. Throws `StoreError`. */
  endUnfinished(olderThanMs: number): Promise<{ readonly ended: number; readonly left: number }>;
};
