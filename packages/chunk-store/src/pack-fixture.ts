import { hash, randomUUID } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { parseTenantId } from '@driftbox/domain';
import type { Digest } from '@driftbox/domain';
import { generateDataKey } from './data-key.ts';
import type { DataKey } from './data-key.ts';
import { MemoryStore } from './memory-store.ts';
import { PackWriter } from './pack-writer.ts';
import type { SealedPack, StoredChunk } from './pack-writer.ts';

/** For tests: the data key of a new tenant. */
export function newKey(generation = 1): DataKey {
  return generateDataKey(parseTenantId(randomUUID())!, generation);
}

/** For tests: a chunk of these plain bytes, compressed where that makes it smaller and `compressed` asks for it. */
export function chunkOf(plain: Uint8Array, compressed = false): StoredChunk {
  const digest = hash('sha256', plain, 'hex') as Digest;
  const small = compressed ? zstdCompressSync(plain) : plain;
  if (small.length >= plain.length) return { digest, plainSize: plain.length, encoding: 'raw', bytes: plain };
  return { digest, plainSize: plain.length, encoding: 'zstd', bytes: small };
}

/** For tests: one pack of these chunks, in a memory store of its own. */
export async function storedPack(key: DataKey, chunks: readonly StoredChunk[]): Promise<{ readonly store: MemoryStore; readonly pack: SealedPack }> {
  const writer = new PackWriter(key);
  for (const chunk of chunks) writer.add(chunk);
  const pack = writer.finish();
  const store = new MemoryStore();
  await store.write(pack.id, pack.bytes);
  return { store, pack };
}
