import { setTimeout as delay } from 'node:timers/promises';
import { StoreError } from './store-error.ts';
import type { PackStore } from './pack-store.ts';

/** How patient `retry` is. The last three are handed in by tests. */
export type RetryOptions = {
  /** Calls in all, the first included. */
  readonly attempts?: number;
  /** The wait before the n-th retry is random between zero and `firstDelayMs * 2^(n-1)`, at most `maxDelayMs`. */
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
  /** No retry begins later than this after the first call. */
  readonly deadlineMs?: number;
  readonly sleep?: (ms: number) => Promise<unknown>;
  readonly random?: () => number;
  readonly now?: () => number;
};

/** Repeats calls that failed with a transient `StoreError`, with jitter; resends identical bytes. Any other error passes. */
export function retry(store: PackStore, options: RetryOptions = {}): PackStore {
  const persist = patience(options);
  return {
    write: (id, bytes) => persist(() => store.write(id, bytes)),
    read: (id, range) => persist(() => store.read(id, range)),
    stat: (id) => persist(() => store.stat(id)),
    list: (page) => persist(() => store.list(page)),
    delete: (id) => persist(() => store.delete(id)),
  };
}

/** Makes a call until it succeeds, or fails with anything but a transient `StoreError`, or for the last time. */
export function patience(options: RetryOptions): <T>(call: () => Promise<T>) => Promise<T> {
  const { attempts = 5, firstDelayMs = 50, maxDelayMs = 2000, deadlineMs = 15_000 } = options;
  const { sleep = delay, random = Math.random, now = () => performance.now() } = options;

  return async (call) => {
    const startedMs = now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        const again = error instanceof StoreError && error.transient && attempt < attempts;
        const waitMs = random() * Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
        if (!again || now() - startedMs + waitMs > deadlineMs) throw error;
        await sleep(waitMs);
      }
    }
  };
}
