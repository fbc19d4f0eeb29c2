/** A drive as far as it is known: its epoch, and the newest `seq` of its journal. */
export type Head = { readonly epoch: string; readonly seq: number };

/** While hints come the journal is read this often all the same, if there are passes: a hint may have been lost. */
export const readEveryMs = 60_000;

/**
 * Whether the server may have something that was not read. While its hints come, and say of nothing newer, a pass need not
 * ask it: most passes follow what happened on this device. A hint is believed only when it says that there is something.
 */
export class News {
  readonly #nowMs: () => number;
  #live = false;
  #due = true;
  #heard: Head | undefined;
  #readMs = -Infinity;

  /** A clock in milliseconds. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Whether hints come from now on. When they do again, some may have been missed. */
  connected(live: boolean): void {
    this.#live = live;
    this.#due = true;
  }

  /** The drive has come so far. */
  heard(head: Head): void {
    if (this.#heard?.epoch !== head.epoch || this.#heard.seq < head.seq) this.#heard = head;
  }

  /** Whether the server may be ahead of what was read. */
  mayBe(read: { readonly epoch: string | undefined; readonly seq: number }): boolean {
    if (!this.#live || this.#due || this.#nowMs() - this.#readMs >= readEveryMs) return true;
    return this.#heard !== undefined && (this.#heard.epoch !== read.epoch || this.#heard.seq > read.seq);
  }

  /** Everything until now is about to be read. */
  reading(): void {
    this.#due = false;
    this.#readMs = this.#nowMs();
  }
}
