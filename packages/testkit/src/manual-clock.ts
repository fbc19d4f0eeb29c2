/** A clock that stands still until a test moves it. Times are milliseconds since the epoch. */
export type ManualClock = {
  now(): number;
  /** Moves time forward and runs, in order of their times, the timers that fall due. */
  advance(byMs: number): void;
  /** Sets the time of day, as somebody might who corrects a clock: what waits for a duration does not notice. */
  jump(byMs: number): void;
  /** Runs `callback` once when `afterMs` have passed on this clock; answers a function that cancels it. */
  after(afterMs: number, callback: () => void): () => void;
};

/** Starts at `startMs`; the default is 2026-01-01T00:00:00Z. */
export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  let timers: { dueMs: number; callback: () => void }[] = [];
  return {
    now: () => nowMs,
    advance(byMs) {
      if (byMs < 0) throw new RangeError('time does not go back');
      const endMs = nowMs + byMs;
      for (;;) {
        const [first] = timers.filter((timer) => timer.dueMs <= endMs).sort((x, y) => x.dueMs - y.dueMs);
        if (first === undefined) break;
        timers = timers.filter((timer) => timer !== first);
        nowMs = first.dueMs;
        first.callback();
      }
      nowMs = endMs;
    },
    jump(byMs) {
      nowMs += byMs;
      for (const timer of timers) timer.dueMs += byMs;
    },
    after(afterMs, callback) {
      const timer = { dueMs: nowMs + afterMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  };
}
