import { nearest } from './nearest.ts';
import { UsageError } from './usage-error.ts';

/** The number that a flag says, as it is written in the usage (`--minutes`), from `least` to `most`. Throws `UsageError` for anything else. */
export function readNumber(flag: string, text: string, { least, most, whole = true }: { least: number; most: number; whole?: boolean }): number {
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most && (!whole || Number.isSafeInteger(value))) return value;
  throw new UsageError(`${flag} takes a ${whole ? 'whole ' : ''}number ${boundsOf(least, most)}, not ${text}`);
}

function boundsOf(least: number, most: number): string {
  return most >= Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
}

/** The one of some words that a flag or an argument says. Throws `UsageError` for any other. */
export function readChoice<Choice extends string>(what: string, text: string, choices: readonly Choice[]): Choice {
  const chosen = choices.find((one) => one === text);
  if (chosen !== undefined) return chosen;
  const meant = nearest(text, choices);
  throw new UsageError(`${what} is ${listOf(choices)}, not ${text}${meant === undefined ? '' : `; did you mean ${meant}?`}`);
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
