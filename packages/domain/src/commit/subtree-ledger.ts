import type { EntryId } from '../ids.ts';
import { addLines, emptyLine } from '../ledger.ts';
import type { LedgerLine } from '../ledger.ts';
import type { SubtreeSums } from './state.ts';

/** A share of a subtree's sums; see `SubtreeSums`. */
export type Share = { readonly kept: LedgerLine; readonly all: LedgerLine; readonly history: LedgerLine };

export const emptyShare: Share = { kept: emptyLine, all: emptyLine, history: emptyLine };

/** Adds two shares; `times` is -1 to take `b` away. */
export function addShares(a: Share, b: Share, times: 1 | -1 = 1): Share {
  return {
    kept: addLines(a.kept, b.kept, times),
    all: addLines(a.all, b.all, times),
    history: addLines(a.history, b.history, times),
  };
}

/** The chain of an entry upwards, itself first: its id, and whether it carries a trash mark. */
export type Link = { readonly entryId: EntryId; readonly trashed: boolean };

/** The subtree sums of a commit, kept true while operations change what lies under them. */
export class SubtreeLedger {
  readonly #shares = new Map<EntryId, Share>();
  readonly #active: boolean;

  /** `active: false` when no operation of the commit sums anything: then nothing is followed at all. */
  constructor(sums: readonly SubtreeSums[], active: boolean) {
    this.#active = active;
    for (const { entryId, kept, all, history } of sums) this.#shares.set(entryId, { kept, all, history });
  }

  of(entryId: EntryId): Share | undefined {
    return this.#shares.get(entryId);
  }

  /** A new entry starts with an empty subtree, so that it can be deleted later in the same commit. */
  start(entryId: EntryId): void {
    if (this.#active) this.#shares.set(entryId, emptyShare);
  }

  /**
   * Adds `share` to every followed entry of `chain`. What a trashed entry holds is not `kept` by those above it, so
   * `kept` stops counting after the first trashed link.
   */
  add(chain: () => readonly Link[], share: Share, times: 1 | -1 = 1): void {
    if (!this.#active) return;
    let rest = share;
    for (const link of chain()) {
      const before = this.#shares.get(link.entryId);
      if (before !== undefined) this.#shares.set(link.entryId, addShares(before, rest, times));
      if (link.trashed) rest = { ...rest, kept: emptyLine };
    }
  }
}
