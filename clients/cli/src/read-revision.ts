import { readNumber } from '@driftbox/command-line';

/** The revision that `--rev` names. Throws `UsageError` for what is no number from 1 on. */
export function readRevision(text: string): number {
  return readNumber('--rev', text, { least: 1, most: Number.MAX_SAFE_INTEGER });
}
