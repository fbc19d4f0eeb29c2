import { fstatSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { PieceCutter, digestOf } from '@driftbox/chunking';
import type { Piece } from '@driftbox/chunking';
import type { ChunkRef } from '@driftbox/domain';
import { giveShared, takeShared } from '@driftbox/threads';

/** What a thread answers about one file. */
export type CutAnswer = { readonly chunks: ChunkRef[] } | { readonly message: string; readonly code: string };

/** Cuts an open file without keeping a byte of it. A thread may wait for the disk: that is what it is there for. */
function cut(descriptor: number): ChunkRef[] {
  const { size } = fstatSync(descriptor);
  // The same few pieces of memory again and again: a collector would let one for each chunk pile up.
  const cutter = new PieceCutter({ sizeHint: size + 1, allocate: takeShared, free: giveShared });
  const chunks: ChunkRef[] = [];
  const add = ({ bytes }: Piece): void => {
    chunks.push({ digest: digestOf(bytes), sizeBytes: bytes.length });
    giveShared(bytes);
  };
  let position = 0;
  for (;;) {
    const room = cutter.room(Math.max(1, size - position));
    const read = readSync(descriptor, room, 0, room.length, position);
    if (read === 0) break;
    position += read;
    cutter.filled(read).forEach(add);
  }
  const last = cutter.finish();
  if (last !== undefined) add(last);
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
