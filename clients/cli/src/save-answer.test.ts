import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { StreamAnswer } from '@driftbox/api-client';
import { Problem } from '@driftbox/protocol';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { saveAnswer, type AskMore } from './save-answer.ts';

const signal = new AbortController().signal;
const text = 'all of the bytes';

/** An answer from `from` on that breaks off after so many bytes, or tells its length only. */
function answerOf(from: number, length: number, status = 206): StreamAnswer {
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text.slice(from, from + length));
    if (from + length < text.length) throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  };
  const headers = { 'content-length': String(text.length - from), etag: '"1"' };
  return { status, headers, body: body(), json: () => Promise.reject(new Error('no JSON')) };
}

async function save(first: StreamAnswer, askMore?: AskMore): Promise<string> {
  await using folder = await temporaryFolder();
  const target = path.join(folder.path, 'target');
  try {
    await saveAnswer(first, target, signal, askMore);
    return await readFile(target, 'utf8');
  } catch (error) {
    expect(await readdir(folder.path)).toEqual([]);
    throw error;
  }
}

test('what breaks off is gone on with where that can be asked for, as long as bytes come', async () => {
  const asked: object[] = [];
  const askMore: AskMore = async (headers) => {
    asked.push(headers);
    return answerOf(Number(/[0-9]+/.exec(headers['range'] ?? '')), 3);
  };
  expect(await save(answerOf(0, 5, 200), askMore)).toBe(text);
  expect(asked.slice(0, 2)).toEqual([
    { range: 'bytes=5-', 'if-range': '"1"' },
    { range: 'bytes=8-', 'if-range': '"1"' },
  ]);
  let asks = 0;
  const silent: AskMore = async () => ((asks += 1), answerOf(5, 0));
  await expect(save(answerOf(0, 5, 200), silent)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(asks).toBe(5);
  await expect(save(answerOf(0, 5, 200))).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('what it broke at is told, and what changed meanwhile is not joined', async () => {
  const damaged: AskMore = () => Promise.reject(new Problem('content_damaged'));
  await expect(save(answerOf(0, 5, 200), damaged)).rejects.toMatchObject({ code: 'content_damaged' });
  await expect(save(answerOf(0, 5, 200), async () => answerOf(0, text.length, 200))).rejects.toMatchObject({ code: 'unavailable' });
});
