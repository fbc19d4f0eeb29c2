import { expect, test } from '@jest/globals';
import { beginStream } from './begin-stream.ts';

async function* pieces(ended: string[], fail: number): AsyncGenerator<Uint8Array> {
  try {
    for (let n = 1; n <= 3; n += 1) {
      if (n === fail) throw new Error(`no piece ${n}`);
      yield Uint8Array.of(n);
    }
  } finally {
    ended.push('ended');
  }
}

test('all pieces come, in order', async () => {
  const got: number[] = [];
  for await (const piece of await beginStream(pieces([], 0))) got.push(...piece);
  expect(got).toEqual([1, 2, 3]);
});

test('what cannot begin fails before there is a stream, and ends', async () => {
  const ended: string[] = [];
  await expect(beginStream(pieces(ended, 1))).rejects.toThrow('no piece 1');
  expect(ended).toEqual(['ended']);
});

test('a stream that nobody reads is ended by `return`', async () => {
  const ended: string[] = [];
  const stream = await beginStream(pieces(ended, 0));
  await stream.return?.();
  expect(ended).toEqual(['ended']);
});
