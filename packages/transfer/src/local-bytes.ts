import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { digestOf } from '@driftbox/chunking';
import type { Digest } from '@driftbox/domain';

/** Opens a file for reading, never through a link. */
export async function openForReading(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
}

/** The bytes at a place of a file; fewer where it ends. */
export async function readAt(handle: FileHandle, offset: number, sizeBytes: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const { bytesRead } = await handle.read(buffer, filled, sizeBytes - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return new Uint8Array(buffer.buffer, 0, filled);
}

/** The bytes at a place if they are the chunk of that digest, else `undefined`. */
export async function readChunkAt(
  handle: FileHandle,
  chunk: { readonly digest: Digest; readonly offset: number; readonly sizeBytes: number },
): Promise<Uint8Array | undefined> {
  const bytes = await readAt(handle, chunk.offset, chunk.sizeBytes);
  return bytes.length === chunk.sizeBytes && digestOf(bytes) === chunk.digest ? bytes : undefined;
}
