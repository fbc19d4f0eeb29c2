import { parseDigest, type ChunkRef } from '@driftbox/domain';

const rowBytes = 36;

/** Chunks as `lists.encoded` keeps them: for each 32 bytes of digest and 4 of size, big-endian. */
export function encodeChunkRows(chunks: readonly ChunkRef[]): Buffer {
  const bytes = Buffer.alloc(chunks.length * rowBytes);
  for (const [index, chunk] of chunks.entries()) {
    bytes.write(chunk.digest, index * rowBytes, 'hex');
    bytes.writeUInt32BE(chunk.sizeBytes, index * rowBytes + 32);
  }
  return bytes;
}

/** The inverse of `encodeChunkRows`; throws on bytes that it did not make. */
export function decodeChunkRows(bytes: Buffer): ChunkRef[] {
  if (bytes.length % rowBytes !== 0) throw new Error(`${bytes.length} bytes are no chunk rows`);
  const chunks: ChunkRef[] = [];
  for (let at = 0; at < bytes.length; at += rowBytes) {
    const digest = parseDigest(bytes.toString('hex', at, at + 32));
    if (digest === undefined) throw new Error('no digest in a chunk row');
    chunks.push({ digest, sizeBytes: bytes.readUInt32BE(at + 32) });
  }
  return chunks;
}
