import assert from 'node:assert/strict';

/**
 * Which events of one partition are done. They end in any order; what may be committed is the first offset before which
 * nothing is open, so that after a crash everything that was not done comes again.
 */
export class OffsetTracker {
  readonly #open = new Set<number>();
  #next: number | undefined;
  #told: number | undefined;

  /** Offsets begin in ascending order. */
  begin(offset: number): void {
    assert(this.#next === undefined || offset >= this.#next, 'offsets come in order');
    this.#told ??= offset;
    this.#open.add(offset);
    this.#next = offset + 1;
  }

  end(offset: number): void {
    assert(this.#open.delete(offset), 'what ends was open');
  }

  /** The offset to commit, if it has moved since the last answer: the first event that is needed again after a crash. */
  take(): number | undefined {
    // A set keeps the order of insertion, so its first is its smallest.
    const [first = this.#next] = this.#open;
    if (first === this.#told) return undefined;
    this.#told = first;
    return first;
  }
}
