import { encodeForWire } from '@driftbox/chunking';
import type { StoredChunk } from '@driftbox/chunk-store';
import type { Frame } from '@driftbox/protocol';

/**
 * The form in which a verified chunk is kept: as it came where it came whole, because the sender has tried already
 * whether compression pays; a delta unfolded, because its bases may go one day.
 */
export async function encodeStored(frame: Frame, plain: Uint8Array): Promise<StoredChunk> {
  const { digest, plainSize, encoding, payload } = frame;
  if (encoding === 'zstd' && payload.length < plainSize) return { digest, plainSize, encoding, bytes: payload };
  if (encoding !== 'delta') return { digest, plainSize, encoding: 'raw', bytes: plain };
  const encoded = await encodeForWire(plain);
  return { digest, plainSize, encoding: encoded.encoding === 'zstd' ? 'zstd' : 'raw', bytes: encoded.bytes };
}
