import { createHash } from 'node:crypto';
import type { Head } from './head.ts';

/**
 * Names a set of heads in 16 hex digits: the first 8 bytes of the SHA-256 of the lines `drive driveEpoch seq\n`, in the
 * order of the drives' ids. Two ends that hold the same heads have the same digest, so that saying so costs no list.
 */
export function headsDigest(heads: Iterable<Head>): string {
  const lines = [...heads].map(({ drive, driveEpoch, seq }) => `${drive} ${driveEpoch} ${seq}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 16);
}
