import { expect, test } from '@jest/globals';
import { UsageError } from './exit-codes.ts';
import { readSize } from './read-size.ts';

test.each([
  ['0', 0],
  ['500000', 500_000],
  ['20GiB', 20 * 2 ** 30],
  ['1.5 MiB', 1.5 * 2 ** 20],
  ['0.3KiB', 307],
])('%s is %d bytes', (text, bytes) => expect(readSize(text)).toBe(bytes));

test.each(['', '-1', '5 GB', 'GiB', '1e9', '9007199254740993', '99999999TiB', '1.5 MiB more'])('%j is no size', (text) => {
  expect(() => readSize(text)).toThrow(UsageError);
});
