import { decodeFromWire } from '@driftbox/chunking';
import { StoreError, type StoredChunk } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { ChunkPool } from './chunk-pool.ts';
import type { Place } from './place.ts';

/** Unpacks a stored chunk. Raw bytes were authenticated under their digest by the pack's cipher and are not hashed again. */
export async function unpack(chunk: StoredChunk): Promise<Uint8Array> {
  if (chunk.encoding === 'raw') return chunk.bytes;
  const decoded = await decodeFromWire(chunk, chunk.bytes);
  if (!decoded.ok) throw new StoreError('corrupt', `a stored chunk does not unpack: ${decoded.reason}`);
  return decoded.bytes;
}

/** The plain bytes of chunks of this tenant, in the order asked. Who may read them is the caller's to know. */
export async function readPlain(pool: ChunkPool, tenantId: TenantId, places: readonly Place[]): Promise<Uint8Array[]> {
  return Promise.all((await pool.read(tenantId, places)).map(unpack));
}
