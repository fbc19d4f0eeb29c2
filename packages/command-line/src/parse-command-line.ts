import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from './nearest.ts';
import { UsageError } from './usage-error.ts';

/** What `parseArgs` of `node:util` makes of a command line, strictly. Throws `UsageError`, in words for people, where it refuses. */
export function parseCommandLine<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(sentenceOf(error as Error, Object.keys(config.options ?? {})), { cause: error });
  }
}

/** Node's own words tell where a flag would have to stand to be none, which nobody meant; what they name is taken from them. */
function sentenceOf({ message }: Error, known: readonly string[]): string {
  const [, unknown] = /^Unknown option '(.+?)'(?:\.|$)/s.exec(message) ?? [];
  if (unknown !== undefined) {
    const meant = nearest(unknown.replace(/^--/, ''), known);
    return `there is no flag ${unknown}${meant === undefined ? '' : `; did you mean --${meant}?`}`;
  }
  const [, flag] = /^Option '(?:-\w, )?(--?[^' ]+)/.exec(message) ?? [];
  if (flag !== undefined && message.includes('does not take an argument')) return `${flag} takes no value`;
  if (flag !== undefined && message.includes('ambiguous'))
    return `${flag} takes a value; one that begins with a dash is given as ${flag}=-...`;
  if (flag !== undefined) return `${flag} takes a value`;
  const [, more] = /^Unexpected argument '(.*)'\. This command/s.exec(message) ?? [];
  return more === undefined ? message : `${more} is an argument too many: there are flags only`;
}
