import { UsageError } from '../exit-codes.ts';

const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes per second from a text such as `500k` or `2.5M`. Throws `UsageError` for anything else, and for nothing per second. */
export function parseRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? 'none'];
  const rate = unit === undefined ? 0 : Number(match?.[1]) * unit;
  if (rate < 1) throw new UsageError(`${JSON.stringify(text)} is not a rate: give bytes per second, such as 500k or 2M`);
  return rate;
}
