import { fstatSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { Chunker } from '@driftbox/chunking';
import type { ChunkRef } from '@driftbox/domain';

/** What a thread answers about one file. */
export type CutAnswer = { readonly chunks: ChunkRef[] } | { readonly message: string; readonly code: string };

/** Cuts an open file without keeping a byte of it. A thread may wait for the disk: that is what it is there for. */
function cut(descriptor: number): ChunkRef[] {
  const { size } = fstatSync(descriptor);
  const chunker = new Chunker(undefined, size + 1);
  const chunks: ChunkRef[] = [];
  let position = 0;
  for (;;) {
    const room = chunker.room(Math.max(1, size - position));
    const read = readSync(descriptor, room, 0, room.length, position);
    if (read === 0) break;
    position += read;
    for (const { digest, bytes } of chunker.filled(read)) chunks.push({ digest, sizeBytes: bytes.length });
  }
  const last = chunker.finish();
  if (last !== undefined) chunks.push({ digest: last.digest, sizeBytes: last.bytes.length });
  return chunks;
}

parentPort?.on('message', (descriptor: number) => {
  let answer: CutAnswer;
  try {
    answer = { chunks: cut(descriptor) };
  } catch (error) {
    const { message, code = '' } = error as NodeJS.ErrnoException;
    answer = { message, code };
  }
  parentPort?.postMessage(answer);
});
