import { createHash } from 'node:crypto';
import { Problem } from '@driftbox/protocol';
import type { Checksum } from './tus-request.ts';

/**
 * The body as it comes, up to `mostBytes`, and held against the checksum before its end is told. Throws `too_large` for more,
 * and `checksum_mismatch`.
 */
export async function* checkedBody(
  body: AsyncIterable<Uint8Array>,
  mostBytes: number,
  checksum: Checksum | undefined,
): AsyncGenerator<Uint8Array, void> {
  const hash = checksum === undefined ? undefined : createHash(checksum.algorithm);
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new Problem('too_large', 'This is more than Upload-Length says');
    hash?.update(piece);
    yield piece;
  }
  if (checksum !== undefined && hash?.digest().equals(checksum.digest) === false) throw new Problem('checksum_mismatch');
}
