import { createWriteStream, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { StreamAnswer } from '@driftbox/api-client';
import { Problem } from '@driftbox/protocol';
import { LocalError } from '@driftbox/transfer';

/** Asks for the same bytes again, but for those that came: by headers of a range. */
export type AskMore = (headers: Readonly<Record<string, string>>) => Promise<StreamAnswer>;

/** Times in a row that an answer is taken up without a byte of it having come. */
const maxResumes = 5;

/** Where it is written: as named, or under its own name there. The name comes from the server, so only its last part counts. */
export function placeForAnswer(named: string | undefined, name: string): string {
  const isFolder = named !== undefined && (named.endsWith('/') || statSync(named, { throwIfNoEntry: false })?.isDirectory() === true);
  const target = named === undefined || isFolder ? path.resolve(named ?? '.', path.basename(name)) : path.resolve(named);
  if (statSync(target, { throwIfNoEntry: false }) !== undefined)
    throw new LocalError(`${target} is there already: name another DESTINATION`);
  return target;
}

/**
 * Writes the whole answer beside its place and puts it there; a part of it is never under its name. Answers how many bytes. Where more of
 * it can be asked for, an answer that breaks off is gone on with, and damage, which may be what it broke at, is told as that.
 */
export async function saveAnswer(answer: StreamAnswer, target: string, signal: AbortSignal, askMore?: AskMore): Promise<number> {
  const part = path.join(path.dirname(target), `.driftbox-${process.pid}.part`);
  let bytes = 0;
  const counted = async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      bytes += piece.length;
      yield piece;
    }
  };
  const file = createWriteStream(part, { flags: 'wx' });
  const isClosed = new Promise<void>((resolve) => void file.once('close', resolve));
  try {
    await pipeline(askMore === undefined ? answer.body : goingOn(answer, askMore), counted, file, { signal });
    const said = answer.headers['content-length'];
    if (said !== undefined && Number(said) !== bytes) throw new Problem('unavailable', 'The connection broke: only a part came');
    await rename(part, target);
    return bytes;
  } finally {
    // What is still being opened would be there again after it was removed.
    await isClosed;
    await rm(part, { force: true });
  }
}

/** All bytes of an answer, asked for again from where it breaks off. What changed meanwhile is not gone on with. */
async function* goingOn(first: StreamAnswer, askMore: AskMore): AsyncGenerator<Uint8Array> {
  const [size, version = ''] = [Number(first.headers['content-length']), first.headers['etag']];
  let came = 0;
  for (let [answer, resumes] = [first, 0]; ;) {
    const before = came;
    try {
      for await (const piece of answer.body) {
        came += piece.length;
        yield piece;
      }
    } catch (error) {
      const isBroken = (error as NodeJS.ErrnoException).code === 'ECONNRESET' && came < size;
      if (!isBroken || resumes >= maxResumes) throw error;
    }
    if (!(came < size) || resumes >= maxResumes) return;
    resumes = came > before ? 1 : resumes + 1;
    answer = await askMore({ range: `bytes=${came}-`, 'if-range': version });
    if (answer.status !== 206) return;
  }
}
