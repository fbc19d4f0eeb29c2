import { UsageError } from './exit-codes.ts';

const factors: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Bytes that somebody wrote as `500000`, `1.5GiB` or `20 GiB`. Throws `UsageError`. */
export function readSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?) ?([KMGT]iB)?$/.exec(text) ?? [];
  const bytes = Math.round(Number(number) * (factors[unit] ?? Number.NaN));
  if (number === '' || !Number.isSafeInteger(bytes))
    throw new UsageError('a size is a number of bytes, KiB, MiB, GiB or TiB, such as 20GiB');
  return bytes;
}
