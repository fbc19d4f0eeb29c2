import { setTimeout as delay } from 'node:timers/promises';

/** Restarts during a load. */
export type Restarts = {
  /** How often all services were restarted while the load went on, from the first to the last. */
  readonly rounds: number;
  /** The processes of the first round, in its order. */
  readonly names: readonly string[];
  /** What came in between, if anything did. */
  readonly failure?: string;
};

/** Of the load's time, what goes by before the first restart: there must be something to disturb. */
const quietPart = 0.1;

/** Restarts everything again and again for the time of a load of `seconds`; `end` says how far it came, once the round in hand is over. */
export function restartMeanwhile(restartAll: () => Promise<readonly string[]>, seconds: number): { end(): Promise<Restarts> } {
  const ending = new AbortController();
  let rounds = 0;
  let names: readonly string[] = [];
  const working = (async () => {
    await delay(quietPart * seconds * 1000, undefined, { signal: ending.signal }).catch(() => {});
    while (!ending.signal.aborted) {
      const restarted = await restartAll();
      // A round that ended after the load has shown nothing of its last restarts.
      if (ending.signal.aborted) return;
      rounds += 1;
      names = restarted;
    }
  })();
  const settled = working.then(
    () => undefined,
    (error: unknown) => String(error),
  );
  return {
    end: async () => {
      ending.abort();
      const failure = await settled;
      return { rounds: failure === undefined ? rounds : 0, names, ...(failure === undefined ? {} : { failure }) };
    },
  };
}
