import type { ServerResponse } from 'node:http';
import { giveShared, isShared } from '@driftbox/threads';

/**
 * Sends pieces as fast as the client takes them, and ends the source when the client leaves. A piece in shared memory is
 * this function's: it is given back once the system has taken it. Throws what the source throws; the caller ends the answer.
 */
export async function sendStream(res: ServerResponse, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) {
    if (res.destroyed) return;
    if (isShared(piece)) {
      if (!(await written(res, piece))) return;
      giveShared(piece);
    } else if (!res.write(piece)) await writable(res);
  }
  res.end();
}

/** Whether the system has taken the piece: not where the client has left. */
function written(res: ServerResponse, piece: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    const left = (): void => resolve(false);
    res.once('close', left);
    res.write(piece, (error) => {
      res.off('close', left);
      resolve(error === undefined || error === null);
    });
  });
}

async function writable(res: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.on('drain', done).on('close', done);
  });
}
