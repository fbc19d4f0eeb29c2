import type { SeededRandom } from '@driftbox/testkit';

/** Thrown into an actor that dies where it stands. */
export class Killed extends Error {}

/** Lets actors take turns in an order that a seed decides: between two turns anything that others do may happen. */
export class Turns {
  readonly #random: SeededRandom;
  readonly #waiting: { readonly go: () => void; readonly die: () => void }[] = [];
  /** How likely an actor dies at a turn that may be its last. */
  deathRate = 0;
  #alive = 0;
  #failure: Error | undefined;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** Waits for this actor's next turn. `mortal`: it may die instead. */
  take(mortal = true): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ go: resolve, die: mortal ? () => reject(new Killed()) : resolve });
    return promise;
  }

  /** Starts an actor. Its death is no failure; everything else it throws is. */
  start(actor: () => Promise<void>): void {
    this.#alive += 1;
    void actor()
      .catch((error: unknown) => {
        if (!(error instanceof Killed)) this.#failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#alive -= 1;
      });
  }

  /** Gives turns until every actor has ended; `after` is called behind each, and may throw. */
  async run(after: () => void): Promise<void> {
    while (this.#alive > 0) {
      for (let idle = 0; idle < 20 && this.#waiting.length === 0 && this.#alive > 0; idle += 1) await new Promise(setImmediate);
      const [one] = this.#waiting.splice(this.#random.integer(0, Math.max(0, this.#waiting.length - 1)), 1);
      if (one === undefined) continue;
      if (this.#random.next() < this.deathRate) one.die();
      else one.go();
      await new Promise(setImmediate);
      if (this.#failure !== undefined) throw this.#failure;
      after();
    }
  }
}
