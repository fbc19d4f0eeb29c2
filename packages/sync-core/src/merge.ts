import type { EntryId } from '@driftbox/domain';
import { judgeEntry } from './judge-entry.ts';
import type { ThreeTrees } from './three-trees.ts';
import type { Verdict } from './verdict.ts';

/** Verdicts about every entry that something was decided about, brought in line with each other. */
export class Merge {
  readonly trees: ThreeTrees;
  readonly #verdicts = new Map<EntryId, Verdict>();
  #sorted: readonly Verdict[] | undefined;

  constructor(trees: ThreeTrees) {
    this.trees = trees;
  }

  /** The verdict about an entry, judged now if it was not yet; what it decides about other entries is judged with it. */
  verdict(entryId: EntryId): Verdict {
    const known = this.#verdicts.get(entryId);
    if (known !== undefined) return known;
    const verdict = judgeEntry(this.trees, entryId);
    this.revise(verdict);
    return verdict;
  }

  /** Replaces the verdict about an entry. What that decides about other entries is judged with it. */
  revise(verdict: Verdict): void {
    this.#verdicts.set(verdict.entryId, verdict);
    this.#sorted = undefined;
    this.#judgeBelow(verdict);
  }

  known(entryId: EntryId): Verdict | undefined {
    return this.#verdicts.get(entryId);
  }

  /** All verdicts so far, by id: what is made of them must not depend on the order in which they came about. */
  all(): readonly Verdict[] {
    this.#sorted ??= [...this.#verdicts.values()].sort((a, b) => (a.entryId < b.entryId ? -1 : 1));
    return this.#sorted;
  }

  /** The folder an entry will be in; `undefined` for what will be nowhere. Unvisited entries are where they were. */
  parentOf(entryId: EntryId): EntryId | undefined {
    const verdict = this.#verdicts.get(entryId);
    if (verdict !== undefined) return verdict.place?.parentId;
    return (this.trees.input.remote.get(entryId) ?? this.trees.input.local.get(entryId))?.parentId;
  }

  /**
   * What a verdict about a folder leaves open about what lies in it. The rows of those entries may be the same in all three
   * trees, and so not named as changed: it is the folder that changed.
   */
  #judgeBelow(verdict: Verdict): void {
    const { entryId, fate, synced, local, remote } = verdict;
    if ((local ?? remote)?.body.kind !== 'folder') return;
    const { input } = this.trees;
    const isUnwanted = fate === 'leaves_device' || (fate === 'stays' && !verdict.wanted);
    if (fate === 'leaves_disk' || fate === 'renewed' || isUnwanted) {
      for (const child of input.local.childrenOf(entryId)) this.verdict(child.entryId);
    }
    if (fate === 'comes' && synced !== undefined) {
      for (const child of input.remote.childrenOf(entryId)) this.verdict(child.entryId);
    }
  }
}
