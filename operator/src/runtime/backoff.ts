import type { Random } from './clock.ts';

/** How waits grow from failure to failure: doubling from `firstMs` up to `mostMs`. */
export type Backoff = {
  readonly firstMs: number;
  readonly mostMs: number;
  /** The part of each wait that chance decides, 0 to 1, so that those who failed together do not come back together. */
  readonly jitter: number;
};

/** How long to wait after `failures` in a row, in milliseconds: never more than `mostMs`, never less than `1 - jitter` of the full wait. */
export function backoffMs({ firstMs, mostMs, jitter }: Backoff, failures: number, random: Random): number {
  if (failures <= 0) return 0;
  // Beyond 2^50 the exponent would overflow to infinity times zero for a first wait of 0.
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 50));
  return full * (1 - jitter * random());
}

/** `ms`, longer or shorter by up to `part` of it: what happens every ten minutes to a thousand objects shall not happen at once. */
export function spread(ms: number, part: number, random: Random): number {
  return ms * (1 - part + 2 * part * random());
}
