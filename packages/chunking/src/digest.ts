import { hash } from 'node:crypto';
import type { Digest } from '@driftbox/domain';

/** The SHA-256 of `bytes`: the name of a chunk. One shot, which for a few mebibytes is faster than a hash object. */
export function digestOf(bytes: Uint8Array): Digest {
  return hash('sha256', bytes, 'hex') as Digest;
}
