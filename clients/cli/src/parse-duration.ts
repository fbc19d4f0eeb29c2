import { UsageError } from './exit-codes.ts';

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of `90s`, `15m`, `12h` or `7d`. Throws `UsageError` for anything else. */
export function parseDuration(text: string): number {
  const match = /^([1-9][0-9]{0,6})([smhd])$/.exec(text);
  if (match === null) throw new UsageError(`${text} is not a duration such as 90s, 15m, 12h or 7d`);
  const [, count, unit = ''] = match;
  return Number(count) * (seconds[unit] ?? Number.NaN);
}
