/** Time as the runtime sees it: monotonic milliseconds from an arbitrary start, and timers. A test passes one that it moves by hand. */
export type Clock = {
  now(): number;
  /** Runs `callback` once when `afterMs` have passed; answers a function that cancels it. */
  after(afterMs: number, callback: () => void): () => void;
};

/** A number of at least 0 and below 1, as `Math.random` gives. */
export type Random = () => number;

/** The clock of this process; it does not jump when somebody sets the time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(afterMs, callback) {
    const timer = setTimeout(callback, afterMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves when `ms` have passed, or earlier, also without an error, when `signal` is aborted: loops look at it themselves. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const end = (): void => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal?.addEventListener('abort', end, { once: true });
  });
}
