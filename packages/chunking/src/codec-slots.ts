/**
 * How many delta codecs may run at once in a process: each holds a window of up to 32 MiB. Encoders only try (a chunk may
 * always go plain); decoders, which have no other way, wait in a bounded line.
 */
export class CodecSlots {
  readonly #waiting: (() => void)[] = [];
  readonly #maxWaiting: number;
  #free: number;

  constructor(slots: number, maxWaiting: number) {
    this.#free = slots;
    this.#maxWaiting = maxWaiting;
  }

  /** How many wait for a slot. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a slot if one is free. Who got `true` must `release`. */
  tryTake(): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  /** Waits for a slot; `false` at once when the line is full. Who got `true` must `release`. */
  async take(): Promise<boolean> {
    if (this.tryTake()) return true;
    if (this.#waiting.length >= this.#maxWaiting) return false;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return true;
  }

  /** Gives a slot back: to the first in the line, if there is one. */
  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** The slots of this process, used wherever the caller brings none. */
export const processSlots: CodecSlots = new CodecSlots(4, 256);
