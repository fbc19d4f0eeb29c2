import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readLines, tapped } from './tenant-lines.ts';
import { allOf } from './testing/memory-destination.ts';

async function* cut(bytes: Uint8Array, at: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}
const textOf = (lines: readonly unknown[]) => Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

test('lines are the same wherever the stream is cut, in the midst of a character too', async () => {
  const rows = fc.array(fc.record({ table: fc.string({ unit: 'grapheme' }), rows: fc.array(fc.dictionary(fc.string(), fc.string())) }));
  await fc.assert(
    fc.asyncProperty(rows, fc.array(fc.nat(), { maxLength: 20 }), async (some, at) => {
      const lines = JSON.parse(JSON.stringify([...some, { end: { entries: some.length } }])) as unknown[];
      expect(await allOf(readLines(cut(textOf(lines), at)))).toEqual(lines);
    }),
    { numRuns: 60 },
  );
});

test('what breaks off is half of something', async () => {
  const lines = textOf([{ table: 'entries', rows: [] }]);
  await expect(allOf(readLines(cut(lines, [])))).rejects.toThrow('broke off');
  await expect(allOf(readLines(cut(Buffer.from('{"end":{}}'), [])))).rejects.toThrow('broke off');
});

test('each piece is taken before it goes on', async () => {
  const seen: string[] = [];
  for await (const piece of tapped(cut(Buffer.from('ab'), [1]), async (some) => void seen.push(`taken ${Buffer.from(some).toString()}`)))
    seen.push(Buffer.from(piece).toString());
  expect(seen).toEqual(['taken a', 'a', 'taken b', 'b']);
});
