import type { Clock } from '../clock.ts';
import type { LeaseTiming } from './judge-lease.ts';

/** Something that only a leader may do was tried by one that leads no more. */
export class NotLeading extends Error {
  constructor() {
    super('this process does not lead, or can no longer be sure of it');
    this.name = 'NotLeading';
  }
}

/**
 * For how long a leader may still believe that it leads, counted from when its last renewal was sent. By two clocks: the monotonic one
 * stands still while a machine sleeps, the other jumps when somebody sets it; a lead is sure only where both say so.
 */
export class Tenure {
  readonly #timing: LeaseTiming;
  readonly #clock: Clock;
  readonly #wallMs: () => number;
  #renewed: { readonly ms: number; readonly wallMs: number } | undefined;

  constructor(timing: LeaseTiming, clock: Clock, wallMs: () => number) {
    this.#timing = timing;
    this.#clock = clock;
    this.#wallMs = wallMs;
  }

  /** Now, on both clocks: to be taken before a renewal is sent. */
  now(): { readonly ms: number; readonly wallMs: number } {
    return { ms: this.#clock.now(), wallMs: this.#wallMs() };
  }

  /** A renewal sent at `sent` was accepted. */
  renew(sent: { readonly ms: number; readonly wallMs: number }): void {
    this.#renewed = sent;
  }

  end(): void {
    this.#renewed = undefined;
  }

  /** Milliseconds since the last renewal; infinite where there is none. */
  get ageMs(): number {
    if (this.#renewed === undefined) return Infinity;
    return Math.max(this.#clock.now() - this.#renewed.ms, this.#wallMs() - this.#renewed.wallMs);
  }

  /** How long a change may take that begins now: until others may take the lead. Throws `NotLeading` once a renewal is overdue. */
  leftMs(): number {
    const ageMs = this.ageMs;
    if (ageMs >= this.#timing.renewWithinMs) throw new NotLeading();
    return this.#timing.durationMs - ageMs;
  }
}
