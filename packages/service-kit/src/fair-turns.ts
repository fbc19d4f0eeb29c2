/** How many may begin in one turn of the event loop. More saves little; fewer makes who just came wait less. */
const mostInTurn = 4;

let waitingNow = 0;

/** Requests of this process that wait for their turn, at all its doors. */
export function waitingRequests(): number {
  return waitingNow;
}

/**
 * Shares an event loop between tenants. A loop that reads a hundred requests of one tenant at once would serve them all before the one
 * of another that came a moment later. So only a few begin in each turn of the loop, and of those that wait, one of each tenant in turn.
 */
export class FairTurns {
  /** Who waits, first come first, by tenant; the first tenant of the map is the next. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #begun = 0;
  #turnAsked = false;

  /** Resolves when a request of the tenant may begin; `undefined` when it may at once. */
  begin(tenant: string): Promise<void> | undefined {
    this.#askForTurn();
    if (this.#waiting.size === 0 && this.#begun < mostInTurn) {
      this.#begun += 1;
      return undefined;
    }
    waitingNow += 1;
    return new Promise((resolve) => {
      const queue = this.#waiting.get(tenant);
      if (queue === undefined) this.#waiting.set(tenant, [resolve]);
      else queue.push(resolve);
    });
  }

  #askForTurn(): void {
    if (this.#turnAsked) return;
    this.#turnAsked = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#turnAsked = false;
    this.#begun = 0;
    if (this.#waiting.size === 0) return;
    // An immediate each: what one does until it first waits is done before the next begins, and the loop reads before the first.
    for (let count = 0; count < mostInTurn; count += 1) setImmediate(() => this.#next());
    this.#askForTurn();
  }

  #next(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const [tenant, queue] = first;
    queue.shift()?.();
    waitingNow -= 1;
    this.#waiting.delete(tenant);
    if (queue.length > 0) this.#waiting.set(tenant, queue);
    this.#begun += 1;
  }
}
