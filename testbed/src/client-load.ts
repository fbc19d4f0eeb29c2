import { seededRandom, waitFor } from '@driftbox/testkit';
import { fingerprintOf, type LoadClient, type Tries } from './load-clients.ts';

/** Somebody who puts files and reads them back through the public door, one after the other, until stopped. */
export type ClientLoad = {
  /** By name, the fingerprints of files that were acknowledged. */
  readonly kept: ReadonlyMap<string, string>;
  /** Operations that failed with all their repetitions, and files that came back different. */
  readonly failures: readonly string[];
  /** Operations that ended, well or not. */
  readonly done: () => number;
  readonly tries: Tries;
  /** Reads everything acknowledged once more; answers what is missing or different. */
  missing(): Promise<string[]>;
  /** Lets the operation in hand end. */
  stop(): Promise<void>;
};

/** Most files are small; one of this many is as large as the client puts them. */
const largeEvery = 12;
const smallBytes = 60_000;

/** Begins at once: each file is put, and then one of those put so far is read back. */
export function startClientLoad(client: LoadClient, name: string, seed: number): ClientLoad {
  const random = seededRandom(seed);
  const kept = new Map<string, string>();
  const failures: string[] = [];
  let done = 0;
  let stopped = false;
  const attempt = async (what: string, operation: () => Promise<void>): Promise<void> => {
    await operation().catch((error: unknown) => failures.push(`${what}: ${String(error)} (${String((error as Error).cause)})`));
    done += 1;
  };
  const expectSame = async (file: string): Promise<void> => {
    const bytes = await client.get(file);
    if (fingerprintOf(bytes) !== kept.get(file)) throw new Error(`${bytes.length} bytes that are not what was put`);
  };
  const run = async (): Promise<void> => {
    for (let turn = 0; !stopped; turn += 1) {
      const file = `${name}-${turn}`;
      const bytes = random.bytes(turn % largeEvery === largeEvery - 1 ? client.largestBytes : random.integer(1, smallBytes));
      await attempt(`put ${file}`, async () => {
        await client.put(file, bytes);
        kept.set(file, fingerprintOf(bytes));
      });
      if (kept.size === 0) continue;
      const known = random.pick([...kept.keys()]);
      await attempt(`get ${known}`, () => expectSame(known));
    }
  };
  const running = run();
  return {
    kept,
    failures,
    done: () => done,
    tries: client.tries,
    missing: async () => {
      const wrong: string[] = [];
      for (const file of kept.keys()) await expectSame(file).catch((error: unknown) => wrong.push(`${file}: ${String(error)}`));
      return wrong;
    },
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

const goOnDeadlineMs = 240_000;

/** Waits until every client has ended so many more operations, well or not. */
export async function allGoOn(loads: readonly ClientLoad[], what: string, more: number): Promise<void> {
  const before = loads.map(({ done }) => done());
  const goneOn = (): boolean => loads.every(({ done }, index) => done() >= (before[index] ?? 0) + more);
  await waitFor(goneOn, { deadlineMs: goOnDeadlineMs, what: `${more} more operations of each client ${what}` });
}
