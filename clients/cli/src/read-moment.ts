import { UsageError } from './exit-codes.ts';
import { parseDuration } from './parse-duration.ts';

/**
 * The moment that a flag says, in RFC 3339: a time such as `2026-01-31T12:00:00Z`, a day, or how long before or after now, such as
 * `2h` and `7d`. Throws `UsageError` for anything else.
 */
export function readMoment(flag: string, text: string, fromNow: 'before' | 'after'): string {
  if (/^\d+[smhd]$/.test(text)) return new Date(Date.now() + (fromNow === 'after' ? 1000 : -1000) * parseDuration(text)).toISOString();
  const at = /^\d{4}-\d{2}-\d{2}(?:T|$)/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new UsageError(`${flag} takes a time such as 2026-01-31T12:00:00Z or a duration such as 2h or 7d, not ${text}`);
  return new Date(at).toISOString();
}
