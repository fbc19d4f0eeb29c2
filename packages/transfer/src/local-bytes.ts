import { closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { promisify } from 'node:util';
import type { Digest } from '@driftbox/domain';
import { digestBytes, giveShared, takeShared } from '@driftbox/threads';

const readElsewhere = promisify(read);

/** Fewer bytes than this are read at once, on this thread: asking another one would take longer. */
const smallBytes = 256 << 10;
/** Never through a link, and never waiting for the other end of a pipe that took the file's place. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Something open for reading. Who opens it closes it. */
export class LocalFile {
  readonly #fd: number;
  /** Reads by other threads. Its number must stay its own until they are done. */
  readonly #reading = new Set<Promise<unknown>>();

  /** Throws what the file system says. */
  constructor(path: string) {
    this.#fd = openSync(path, flags);
  }

  stat(): BigIntStats {
    return fstatSync(this.#fd, { bigint: true });
  }

  /** Fills `into` with what is at `offset`, as far as that comes in one go. Answers how many bytes; none at the end. */
  async read(into: Uint8Array, offset: number): Promise<number> {
    if (into.length < smallBytes) return readSync(this.#fd, into, 0, into.length, offset);
    const reading = readElsewhere(this.#fd, into, 0, into.length, offset);
    this.#reading.add(reading);
    try {
      return (await reading).bytesRead;
    } finally {
      this.#reading.delete(reading);
    }
  }

  /** Closes it once nothing is being read any more. */
  async close(): Promise<void> {
    if (this.#reading.size > 0) await Promise.allSettled(this.#reading);
    closeSync(this.#fd);
  }
}

/** The bytes at a place of a file; fewer where it ends. The caller may give them back (`giveShared`). */
export async function readAt(file: LocalFile, offset: number, sizeBytes: number): Promise<Uint8Array> {
  const bytes = takeShared(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const count = await file.read(bytes.subarray(filled), offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** The bytes at a place if they are the chunk of that digest, else `undefined`. The caller may give them back. */
export async function readChunkAt(
  file: LocalFile,
  chunk: { readonly digest: Digest; readonly offset: number; readonly sizeBytes: number },
): Promise<Uint8Array | undefined> {
  const bytes = await readAt(file, chunk.offset, chunk.sizeBytes);
  if (bytes.length === chunk.sizeBytes && (await digestBytes(bytes)) === chunk.digest) return bytes;
  giveShared(bytes);
  return undefined;
}
