import { BusUnavailable } from './event-bus.ts';

/** A counted number of places, given out in the order in which they were asked for. */
export type Slots = {
  /** Waits for a place; throws `BusUnavailable` when too many wait, the wait is too long, or `shut` was called. */
  take(): Promise<void>;
  give(): void;
  /** Fails everybody who waits, and everybody who comes. */
  shut(): void;
  readonly taken: number;
  /** Who wait for a place. */
  readonly waiting: number;
};

type Waiting = { readonly resolve: () => void; readonly reject: (error: Error) => void; readonly timer: NodeJS.Timeout };

/** `count` places, as many callers waiting at most, each at most `waitMs`. */
export function createSlots(count: number, waitMs: number): Slots {
  let taken = 0;
  let isShut = false;
  const queue: Waiting[] = [];
  return {
    get taken() {
      return taken;
    },
    get waiting() {
      return queue.length;
    },
    take: async () => {
      if (isShut) throw new BusUnavailable('the bus is closed');
      if (taken < count) {
        taken += 1;
        return;
      }
      if (queue.length >= count) throw new BusUnavailable(`${taken} events wait to be handled, and ${queue.length} to be taken`);
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          queue.splice(queue.indexOf(waiting), 1);
          reject(new BusUnavailable(`no place within ${waitMs} ms`));
        }, waitMs);
        const waiting: Waiting = { resolve, reject, timer };
        queue.push(waiting);
      });
    },
    give: () => {
      const next = queue.shift();
      if (next === undefined) {
        taken -= 1;
        return;
      }
      clearTimeout(next.timer);
      next.resolve();
    },
    shut: () => {
      isShut = true;
      for (const { timer, reject } of queue.splice(0)) {
        clearTimeout(timer);
        reject(new BusUnavailable('the bus is closed'));
      }
    },
  };
}
