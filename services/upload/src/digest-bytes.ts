import type { Digest } from '@driftbox/domain';

/** A digest as its column holds it. */
export function toBytes(digest: Digest): Buffer {
  return Buffer.from(digest, 'hex');
}

/** A digest read from its column, whose check guarantees 32 bytes. */
export function fromBytes(bytes: Buffer): Digest {
  return bytes.toString('hex') as Digest;
}

/** Many digests for one array parameter, sorted, so that concurrent writers take their rows in one order. */
export function toSortedBytes(digests: Iterable<Digest>): Buffer[] {
  return [...digests].sort().map(toBytes);
}
