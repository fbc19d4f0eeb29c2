import { Problem } from '@driftbox/protocol';
import type { PathValues } from './routing.ts';

/** Decodes a part of a URL strictly. Throws `invalid_argument` where it is not percent-encoded UTF-8. */
export function decodeStrictly(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new Problem('invalid_argument', 'The path is not valid percent-encoded UTF-8', { cause: error });
  }
}

/**
 * A path's values by name, decoded. The router decodes them and leaves what it cannot decode as it is: that is refused
 * here, and so is an escaped slash or NUL, which would change what the path means.
 */
export function checkedValues({ params, captures }: PathValues): Readonly<Record<string, string>> {
  for (const capture of captures) {
    if (!capture.includes('%')) continue;
    decodeStrictly(capture);
    if (/%(?:2f|00)/i.test(capture)) throw new Problem('invalid_argument', 'A path segment may not hold an escaped slash or NUL');
  }
  return params;
}
