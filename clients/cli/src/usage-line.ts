import { showBytes } from './output.ts';

/** The lines of a ledger, in bytes, and what its holder may hold. */
type Lines = { current: number; history: number; trash: number; inFlight: number; files: number; limitBytes?: number | undefined };

/** What somebody or something holds, in a line for people. */
export function usageLine(what: string, held: Lines): string {
  const used = held.current + held.history + held.trash;
  const limit = held.limitBytes === undefined ? '' : ` of ${showBytes(held.limitBytes)}`;
  const parts = `now ${showBytes(held.current)}, history ${showBytes(held.history)}, trash ${showBytes(held.trash)}`;
  return `${what}: ${showBytes(used)}${limit} (${parts}), ${held.files} files`;
}
