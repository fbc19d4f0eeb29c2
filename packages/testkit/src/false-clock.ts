/** The time of day as this process reads it, which a test may set wrong. It is right again once this is disposed of. */
export type FalseClock = Disposable & {
  /** `Date.now` is off by so many milliseconds from now on; what measures durations goes on as before. */
  set(offMs: number): void;
};

/** A clock that is right so far. For code that is handed no clock: what is handed one gets a `manualClock`. */
export function falseClock(): FalseClock {
  const right = Date.now;
  let offMs = 0;
  Date.now = () => right() + offMs;
  return {
    set: (byMs) => void (offMs = byMs),
    [Symbol.dispose]: () => void (Date.now = right),
  };
}
