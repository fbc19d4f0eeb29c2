import { strict as assert } from 'node:assert';
import { hash, randomUUID } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { parseTenantId } from '@driftbox/domain';
import type { Digest } from '@driftbox/domain';
import { generateDataKey } from '../data-key.ts';
import type { DataKey } from '../data-key.ts';
import { MemoryStore } from '../memory-store.ts';
import { PackWriter } from '../pack-writer.ts';
import type { SealedPack, StoredChunk } from '../pack-writer.ts';

/** For tests: the value, which the test knows to be there. */
export function defined<T>(value: T | undefined): T {
  assert(value !== undefined, 'a value was expected');
  return value;
}

/** For tests: a copy of `bytes` in which some bits of one byte are flipped. */
export function flipped(bytes: Uint8Array, at: number, bits = 1): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ bits, at);
  return copy;
}

/** For tests: resolves after all that is ready to run has run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** For tests: waits for a condition, for so many turns of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 10_000 && !condition(); turns += 1) await turn();
  assert(condition(), 'the condition never came true');
}

/** For tests: everything that a generator yields. */
export async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** For tests: the data key of a new tenant. */
export function newKey(generation = 1): DataKey {
  return generateDataKey(defined(parseTenantId(randomUUID())), generation);
}

/** For tests: a chunk of these plain bytes, compressed where that makes it smaller and `compressed` asks for it. */
export function chunkOf(plain: Uint8Array, compressed = false): StoredChunk {
  const digest = hash('sha256', plain, 'hex') as Digest;
  const small = compressed ? zstdCompressSync(plain) : plain;
  if (small.length >= plain.length) return { digest, plainSize: plain.length, encoding: 'raw', bytes: plain };
  return { digest, plainSize: plain.length, encoding: 'zstd', bytes: small };
}

/** For tests: one pack of these chunks, in a memory store of its own. */
export async function storedPack(
  key: DataKey,
  chunks: readonly StoredChunk[],
): Promise<{ readonly store: MemoryStore; readonly pack: SealedPack }> {
  const writer = new PackWriter(key);
  for (const chunk of chunks) writer.add(chunk);
  const pack = writer.finish();
  const store = new MemoryStore();
  await store.write(pack.id, pack.bytes);
  return { store, pack };
}
