/** Lets so many pieces of work run at once; the next one waits for a place. The first failure is kept and ends the waiting. */
export class Slots {
  readonly #running = new Set<Promise<void>>();
  readonly #most: number;
  #failure: { readonly error: unknown } | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** Starts `work` once there is a place. Answers its end, whose failure `drain` and the next `start` throw too. */
  async start(work: () => Promise<void>): Promise<Promise<void>[]> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running);
    this.#throwFailure();
    const run = work();
    const settled: Promise<void> = run
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    // In an array, because an async function would wait for the work itself.
    return [run];
  }

  /** Waits for all that was started. Throws the first failure. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
