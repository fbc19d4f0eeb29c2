import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Chunker } from './chunker.ts';
import type { Chunk } from './chunker.ts';
import { defaultScheme } from './scheme.ts';
import type { Scheme } from './scheme.ts';

/**
 * Cuts a file, by path or by an open handle (read from its start, and left open). Bytes are read straight into the chunk's
 * buffer. A file that changes meanwhile gives chunks of what was read: whoever commits it compares size and mtime after.
 * Throws what the file system throws.
 */
export async function* chunkFile(file: string | FileHandle, scheme: Scheme = defaultScheme): AsyncGenerator<Chunk, void> {
  const handle = typeof file === 'string' ? await open(file, 'r') : file;
  try {
    const { size } = await handle.stat();
    // One byte more, so that noticing the end of the file needs no larger buffer.
    const chunker = new Chunker(scheme, size + 1);
    let position = 0;
    for (;;) {
      // Beyond the size that was asked one byte is enough to notice that the file ended or grew.
      const room = chunker.room(Math.max(1, size - position));
      const { bytesRead } = await handle.read(room, 0, room.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      yield* chunker.filled(bytesRead);
    }
    const last = chunker.finish();
    if (last !== undefined) yield last;
  } finally {
    if (typeof file === 'string') await handle.close();
  }
}
