import type { LocalPath } from '../ports/disk.ts';

/** After a change nothing else happens for so long: then it is looked at. */
export const quietMs = 100;
/** A change is looked at after this time even if more come. */
export const longestMs = 1_000;
/** Something that changed twice within this time is being written. */
export const busyMs = 10_000;
/** What is being written is looked at this long after the last pass, however often it changes. */
export const busyEveryMs = 3_500;
/** Paths remembered, oldest out first. */
const maxPaths = 10_000;

/**
 * Decides when a change is worth a pass. A saved file goes at once; one that is written all the time goes every few seconds,
 * so that appending to a log costs a transfer each time and not for every line. Pure: times come from the caller, in
 * milliseconds of any clock.
 */
export class Debounce {
  readonly #seen = new Map<LocalPath, number>();
  #firstMs: number | undefined;
  #lastMs = 0;
  #busy = false;
  #calm = false;
  #wasBusy = false;
  #passedMs = -Infinity;

  /** Something changed at these paths. */
  changed(paths: readonly LocalPath[], nowMs: number): void {
    for (const path of paths) {
      const before = this.#seen.get(path);
      // Events of one burst are one change.
      const burst = before !== undefined && before > this.#passedMs;
      const again = before !== undefined && !burst && nowMs - before < busyMs;
      if (again) this.#busy = true;
      else if (!burst) this.#calm = true;
      this.#seen.delete(path);
      this.#seen.set(path, nowMs);
    }
    for (const [oldest] of this.#seen) {
      if (this.#seen.size <= maxPaths) break;
      this.#seen.delete(oldest);
    }
    this.#firstMs ??= nowMs;
    this.#lastMs = nowMs;
  }

  /** When a pass is due; `undefined` while nothing changed. */
  dueMs(): number | undefined {
    if (this.#firstMs === undefined) return undefined;
    const calmMs = Math.min(this.#lastMs + quietMs, this.#firstMs + longestMs);
    return this.#calm ? calmMs : Math.max(calmMs, this.#passedMs + busyEveryMs);
  }

  /** Before this time a pass that nobody but the clock asks for would only look at what is being written. */
  notBeforeMs(): number {
    return this.#wasBusy ? this.#passedMs + busyEveryMs : -Infinity;
  }

  /** A pass begins: it sees everything until now. */
  passed(nowMs: number): void {
    this.#passedMs = nowMs;
    this.#firstMs = undefined;
    this.#wasBusy = this.#busy;
    this.#busy = false;
    this.#calm = false;
  }
}
