import { decodeFromWire } from '@driftbox/chunking';
import type { Digest, TenantId } from '@driftbox/domain';
import { decodeFrames, Problem, routes } from '@driftbox/protocol';
import type { Cell } from './cell.ts';
import type { ObjectWriter } from './object-writer.ts';

/** Fetched chunks, by what became of them. */
export type Fetched = { readonly bytes: number; readonly damaged: readonly Digest[] };

/**
 * Copies chunks of a tenant into a backup, each verified. One that the tenant cannot read itself is named and does not keep the
 * others from being saved. Throws where the cell cannot be reached.
 */
export async function fetchContents(
  cell: Cell,
  tenantId: TenantId,
  writer: ObjectWriter,
  digests: readonly Digest[],
  signal: AbortSignal,
): Promise<Fetched> {
  const left = new Set(digests);
  let bytes = 0;
  try {
    const client = cell('upload', tenantId);
    const answer = await client.stream(routes.readTenantChunks, { params: { tenant: tenantId }, json: { digests: [...digests] }, signal });
    for await (const frame of decodeFrames(answer.body)) {
      const decoded = await decodeFromWire(frame, frame.payload);
      if (!decoded.ok || frame.encoding === 'delta' || !left.delete(frame.digest))
        throw new Error(`${frame.digest} came otherwise than asked for`);
      const packed = frame.encoding === 'zstd' && frame.payload.length < frame.plainSize;
      const { digest, plainSize } = frame;
      await writer.add({ digest, plainSize, encoding: packed ? 'zstd' : 'raw', bytes: packed ? frame.payload : decoded.bytes });
      bytes += plainSize;
    }
    if (left.size > 0) throw new Error('fewer chunks came than were asked for');
    return { bytes, damaged: [] };
  } catch (error) {
    signal.throwIfAborted();
    const rest = await fetchRest(cell, tenantId, writer, [...left], signal, error);
    return { bytes: bytes + rest.bytes, damaged: rest.damaged };
  }
}

/** After a failure: what is known to be gone is left out, and what may be, is found by halves. */
async function fetchRest(
  cell: Cell,
  tenantId: TenantId,
  writer: ObjectWriter,
  left: readonly Digest[],
  signal: AbortSignal,
  error: unknown,
): Promise<Fetched> {
  const code = error instanceof Problem ? error.code : undefined;
  if (code !== undefined && code !== 'chunk_missing' && code !== 'content_damaged') throw error;
  if (left.length === 0) return { bytes: 0, damaged: [] };
  if (left.length === 1) {
    if (code === undefined) throw error;
    return { bytes: 0, damaged: left };
  }
  const half = left.length >> 1;
  const first = await fetchContents(cell, tenantId, writer, left.slice(0, half), signal);
  const second = await fetchContents(cell, tenantId, writer, left.slice(half), signal);
  return { bytes: first.bytes + second.bytes, damaged: [...first.damaged, ...second.damaged] };
}
