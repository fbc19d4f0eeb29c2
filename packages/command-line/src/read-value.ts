import { nearest } from './nearest.ts';
import { UsageError } from './usage-error.ts';

/** From where to where a number may go, both included; a whole one unless `whole` is false. */
export type Bounds = { readonly least: number; readonly most: number; readonly whole?: boolean };

/** The number that a flag says; `flag` as it is written in the usage, such as `--minutes`. Throws `UsageError` for anything else. */
export function readNumber(flag: string, text: string, { least, most, whole = true }: Bounds): number {
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
