import type { EntryId } from '@driftbox/domain';
import type { Surroundings } from './ports/surroundings.ts';
import { Retries } from './retries.ts';

/** What the loop knows from start to stop, and no longer. Everything that must outlive it is in the store. */
export class Life {
  readonly around: Surroundings;
  readonly retries = new Retries();
  /** Ids under which something was to be created and which the server says are used up. */
  readonly usedIds = new Set<EntryId>();
  /** Entries that were not found, and since when. */
  readonly missedSince = new Map<EntryId, number>();
  /** Entries that are in the stash and could not be put back yet. */
  readonly held = new Set<EntryId>();
  /** Set once what an earlier life left behind is put in order. */
  recovered = false;
  /** Set when this pass has changed or learnt anything: then it is worth looking again. */
  moved = false;
  /** Set while something done on disk, perhaps in an earlier life, might still be undone by a loss of power. */
  unflushed = true;
  /** Entries that are removed from disk, which a loss of power might undo. */
  readonly removed = new Set<EntryId>();
  /** Files that have to be read again, because they may have changed without showing it. */
  readonly doubtful = new Set<EntryId>();
  /** Set while the server is known to be ahead of what was read, or may well be. */
  behind = true;
  #lookAgainMs = Infinity;

  constructor(around: Surroundings) {
    this.around = around;
  }

  beginPass(): void {
    this.moved = false;
    this.retries.beginPass();
    this.#lookAgainMs = Infinity;
  }

  /** There will be something to see or do at that time, whatever else happens. */
  lookAgainAt(ms: number): void {
    this.#lookAgainMs = Math.min(this.#lookAgainMs, ms);
  }

  /** When to look again even if nothing moved; `undefined` when nothing waits. */
  get lookAgainMs(): number | undefined {
    const dueMs = this.retries.list().reduce((first, retry) => Math.min(first, retry.dueMs), this.#lookAgainMs);
    return dueMs === Infinity ? undefined : dueMs;
  }

  failed(entryId: EntryId, reason: string): void {
    this.retries.failed(entryId, reason, this.around.nowMs());
  }

  /** A step succeeded. */
  done(entryId: EntryId): void {
    this.moved = true;
    this.retries.succeeded(entryId);
  }
}
