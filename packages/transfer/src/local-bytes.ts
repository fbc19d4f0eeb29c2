import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Digest } from '@driftbox/domain';
import { digestBytes, giveShared, takeShared } from '@driftbox/threads';

/** Opens a file for reading, never through a link. */
export async function openForReading(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
}

/** The bytes at a place of a file; fewer where it ends. The caller may give them back (`giveShared`). */
export async function readAt(handle: FileHandle, offset: number, sizeBytes: number): Promise<Uint8Array> {
  const bytes = takeShared(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const { bytesRead } = await handle.read(bytes, filled, sizeBytes - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** The bytes at a place if they are the chunk of that digest, else `undefined`. The caller may give them back. */
export async function readChunkAt(
  handle: FileHandle,
  chunk: { readonly digest: Digest; readonly offset: number; readonly sizeBytes: number },
): Promise<Uint8Array | undefined> {
  const bytes = await readAt(handle, chunk.offset, chunk.sizeBytes);
  if (bytes.length === chunk.sizeBytes && (await digestBytes(bytes)) === chunk.digest) return bytes;
  giveShared(bytes);
  return undefined;
}
