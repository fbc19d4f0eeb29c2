import { createWriteStream, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { StreamAnswer } from '@driftbox/api-client';
import { Problem } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';

/** Where it is written: as named, or under its own name there. The name comes from the server, so only its last part counts. */
export function placeForAnswer(named: string | undefined, name: string): string {
  const isFolder = named !== undefined && (named.endsWith('/') || statSync(named, { throwIfNoEntry: false })?.isDirectory() === true);
  const target = named === undefined || isFolder ? path.resolve(named ?? '.', path.basename(name)) : path.resolve(named);
  if (statSync(target, { throwIfNoEntry: false }) !== undefined)
    throw new LocalError(`${target} is there already: name another DESTINATION`);
  return target;
}

/** Writes the whole answer beside its place and puts it there; a part of it is never under its name. Answers how many bytes. */
export async function saveAnswer(answer: StreamAnswer, target: string, signal: AbortSignal): Promise<number> {
  const part = path.join(path.dirname(target), `.driftbox-${process.pid}.part`);
  let bytes = 0;
  const counted = async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      bytes += piece.length;
      yield piece;
    }
  };
  try {
    await pipeline(answer.body, counted, createWriteStream(part, { flags: 'wx' }), { signal });
    const said = answer.headers['content-length'];
    if (said !== undefined && Number(said) !== bytes) throw new Problem('unavailable', 'The connection broke: only a part came');
    await rename(part, target);
    return bytes;
  } finally {
    await rm(part, { force: true });
  }
}
