import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { digestOf } from '@driftbox/chunking';
import { listIdOf } from '@driftbox/domain';
import type { ChunkRef, Digest } from '@driftbox/domain';
import type { Stat } from '../ports/disk.ts';
import type { ChunkWorkers } from './chunk-workers.ts';
import { statOf } from './stat-of.ts';
import type { StatTraits } from './stat-of.ts';

/** A file of at most this many bytes is one chunk, and read in one go. */
const oneChunkBytes = 2 ** 20;

/** Never through a link, and never waiting for the other end of a pipe that took the file's place. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The id of the chunk list of a file, and the stat it was read at. `undefined` when it is no file, or changed while it was
 * read. Throws what the file system says.
 */
export async function readContent(
  absolute: string,
  workers: ChunkWorkers,
  traits: StatTraits,
): Promise<{ readonly listId: Digest; readonly stat: Stat } | undefined> {
  const descriptor = openSync(absolute, flags);
  try {
    const before = fstatSync(descriptor, { bigint: true });
    if (!before.isFile()) return undefined;
    const chunks = before.size <= oneChunkBytes ? readSmall(descriptor, Number(before.size)) : await workers.cut(descriptor);
    const after = fstatSync(descriptor, { bigint: true });
    const readBytes = chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0);
    if (after.mtimeNs !== before.mtimeNs || after.ctimeNs !== before.ctimeNs || BigInt(readBytes) !== after.size) return undefined;
    return { listId: listIdOf(chunks, digestOf), stat: statOf(after, traits) };
  } finally {
    closeSync(descriptor);
  }
}

function readSmall(descriptor: number, sizeBytes: number): ChunkRef[] {
  // One byte more shows whether it has grown.
  const buffer = Buffer.allocUnsafeSlow(sizeBytes + 1);
  let filled = 0;
  for (let read = -1; read !== 0 && filled < buffer.length; filled += read) {
    read = readSync(descriptor, buffer, filled, buffer.length - filled, filled);
  }
  return filled === 0 ? [] : [{ digest: digestOf(buffer.subarray(0, filled)), sizeBytes: filled }];
}
