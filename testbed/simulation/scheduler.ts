type Event = { readonly dueMs: number; readonly order: number; readonly act: () => void };

/**
 * Time that passes only from one event to the next. Events of one moment happen in the order in which they were asked for,
 * and everything that an event sets going comes to rest before the next: one order of things, whatever machine it runs on.
 */
export class Scheduler {
  nowMs: number;
  events = 0;
  readonly #heap: Event[] = [];
  #order = 0;

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  after(delayMs: number, act: () => void): void {
    this.#order += 1;
    this.#push({ dueMs: this.nowMs + delayMs, order: this.#order, act });
  }

  /** Never ends once `alive` says no: what waited for it has died. */
  sleep(delayMs: number, alive: () => boolean = () => true): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, () => {
        if (alive()) resolve();
      });
    });
  }

  /** Lets events happen until `done` says so, none is left, or there have been too many: then it throws. */
  async run(done: () => boolean, maxEvents: number): Promise<void> {
    // What was set going just now may not have asked for an event yet.
    await rest();
    for (let count = 0; !done(); count += 1) {
      const event = this.#pop();
      if (event === undefined) return;
      if (count === maxEvents) throw new Error(`no rest after ${maxEvents} events`);
      this.nowMs = Math.max(this.nowMs, event.dueMs);
      this.events += 1;
      event.act();
      await rest();
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(event, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isBefore(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

/** Until all promises that can be settled are. */
function rest(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function isBefore(a: Event, b: Event): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
