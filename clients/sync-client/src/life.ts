import type { EntryId } from '@driftbox/domain';
import type { Surroundings } from './ports/surroundings.ts';
import { Retries, type Retry } from './retries.ts';

/** What the loop knows from start to stop, and no longer. Everything that must outlive it is in the store. */
export class Life {
  readonly around: Surroundings;
  /** Steps on this disk that failed. They hold back nothing that is to be sent. */
  readonly retries = new Retries();
  /** Operations that the server did not take. They hold back nothing that is to be done on this disk. */
  readonly resends = new Retries();
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
  /** Set while the server takes nothing because this person may only read. */
  mayOnlyRead = false;
  #lookAgainMs = Infinity;

  constructor(around: Surroundings) {
    this.around = around;
  }

  beginPass(): void {
    this.moved = false;
    this.retries.beginPass();
    this.resends.beginPass();
    this.#lookAgainMs = Infinity;
  }

  /** There will be something to see or do at that time, whatever else happens. */
  lookAgainAt(ms: number): void {
    this.#lookAgainMs = Math.min(this.#lookAgainMs, ms);
  }

  /** When to look again even if nothing moved; `undefined` when nothing waits. */
  get lookAgainMs(): number | undefined {
    const dueMs = this.waiting().reduce((first, retry) => Math.min(first, retry.dueMs), this.#lookAgainMs);
    return dueMs === Infinity ? undefined : dueMs;
  }

  /** What failed on either side and is tried again. */
  waiting(): readonly Retry[] {
    return [...this.retries.list(), ...this.resends.list()];
  }

  /** A step on this disk failed. */
  failed(entryId: EntryId, reason: string): void {
    this.retries.failed(entryId, reason, this.around.nowMs());
  }

  /** A step on this disk succeeded. */
  done(entryId: EntryId): void {
    this.moved = true;
    this.retries.succeeded(entryId);
  }

  /** The server did not take an operation. */
  refused(entryId: EntryId, reason: string): void {
    this.resends.failed(entryId, reason, this.around.nowMs());
  }

  /** The server took an operation. */
  taken(entryId: EntryId): void {
    this.moved = true;
    this.resends.succeeded(entryId);
  }
}
