import { Problem } from '@driftbox/protocol';

/** How long a request may still take. */
export class Deadline {
  readonly #atMs: number;

  constructor(durationMs: number) {
    this.#atMs = performance.now() + durationMs;
  }

  /** Milliseconds left, never negative: what to hand on as `DriftBox-Deadline-Ms`. */
  remainingMs(): number {
    return Math.max(0, this.#atMs - performance.now());
  }
}

/** The time a request may take: what its header asks for, at most `maximumMs`, or `defaultMs` without one. */
export function deadlineOf(header: string | undefined, defaultMs: number, maximumMs: number): Deadline {
  if (header === undefined) return new Deadline(defaultMs);
  if (!/^[0-9]{1,12}$/.test(header)) throw new Problem('invalid_argument', 'DriftBox-Deadline-Ms is a number of milliseconds');
  const askedMs = Number(header);
  if (askedMs === 0) throw new Problem('unavailable', 'The deadline has passed already');
  return new Deadline(Math.min(askedMs, maximumMs));
}
