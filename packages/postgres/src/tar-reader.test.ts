import { expect, test } from '@jest/globals';
import { TarReader, type TarTaker } from './tar-reader.ts';

function entry(name: string, kind: string, content = ''): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  head.write(kind, 156);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([head, body]);
}

function taking(): { readonly taken: string[]; readonly taker: TarTaker } {
  const taken: string[] = [];
  return {
    taken,
    taker: {
      folder: (name) => void taken.push(`${name}/`),
      file: (name) => void taken.push(`${name}=`),
      bytes: (piece) => void taken.push(`${taken.pop()}${piece.toString()}`),
    },
  };
}

const long = 'x'.repeat(1_300);
const archive = Buffer.concat([
  entry('base', '5'),
  entry('base/1', '0', long),
  entry('empty', '0'),
  entry('full', '0', 'y'.repeat(512)),
  Buffer.alloc(1_024),
]);

test.each([1, 7, 511, 512, 513, 100_000])('what is in an archive is taken in pieces of %d bytes', (size) => {
  const { taken, taker } = taking();
  const reader = new TarReader(taker);
  for (let from = 0; from < archive.length; from += size) reader.push(archive.subarray(from, from + size));
  expect(taken).toEqual(['base/', `base/1=${long}`, 'empty=', `full=${'y'.repeat(512)}`]);
  expect(reader.isWhole).toBe(true);
});

test('what ends within a file, or has nothing in it, is not whole; links are refused', () => {
  const reader = new TarReader(taking().taker);
  expect(reader.isWhole).toBe(false);
  reader.push(archive.subarray(0, 1_600));
  expect(reader.isWhole).toBe(false);
  expect(() => new TarReader(taking().taker).push(entry('link', '2'))).toThrow('link is neither a file nor a folder');
});
