import type { PackStore } from './pack-store.ts';

/** When a slow read is asked for a second time. */
export type HedgeOptions = {
  /** A read that has not answered for so long; default 500 ms. Choose what nineteen reads of twenty stay below. */
  readonly afterMs?: number;
  /** Second requests at once at most, so that a store that is slow for everybody is not asked for twice as much; default 4. */
  readonly maxAtOnce?: number;
};

/**
 * Asks again for reads that take too long, and takes whichever answer comes first (Dean and Barroso, "The Tail at Scale",
 * 2013). A read that fails before is not repeated: that is for `retry`.
 */
export function hedged(store: PackStore, options: HedgeOptions = {}): PackStore {
  const { afterMs = 500, maxAtOnce = 4 } = options;
  let second = 0;

  async function persist<T>(call: () => Promise<T>): Promise<T> {
    const first = call();
    const isSlow = await slow(first, afterMs);
    if (!isSlow || second >= maxAtOnce) return first;
    second += 1;
    const other = call();
    void other.catch(() => {}).then(() => (second -= 1));
    return Promise.any([first, other]).catch((failed: AggregateError) => Promise.reject(failed.errors[0] as Error));
  }

  return {
    write: (id, bytes) => store.write(id, bytes),
    read: (id, range) => persist(() => store.read(id, range)),
    stat: (id) => store.stat(id),
    list: (page) => store.list(page),
    delete: (id) => store.delete(id),
  };
}

/** True when `work` has not settled after so long. */
async function slow(work: Promise<unknown>, afterMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(true), afterMs);
  const settled = work.then(
    () => false,
    () => false,
  );
  const answer = await Promise.race([settled, late.promise]);
  clearTimeout(timer);
  return answer;
}
