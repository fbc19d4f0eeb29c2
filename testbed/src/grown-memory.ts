import { setInterval as every } from 'node:timers/promises';
import { processUsage } from './process-usage.ts';

/** Resident bytes of a process while something went on: when it was first looked at, and the most there were. */
export type GrownMemory = { readonly firstBytes: number; readonly mostBytes: number };

/** Looks at the memory of some processes ten times a second until `work` is done. One that ends before is looked at until then. */
export async function grownMemory(pids: readonly number[], work: Promise<unknown>): Promise<GrownMemory[]> {
  const seen = pids.map((): { first: number | undefined; most: number } => ({ first: undefined, most: 0 }));
  const look = (): void => {
    for (const [index, one] of seen.entries()) {
      const bytes = residentBytes(pids[index]!);
      if (bytes === undefined) continue;
      one.first ??= bytes;
      one.most = Math.max(one.most, bytes);
    }
  };
  const over = new AbortController();
  const ended = work.finally(() => over.abort());
  try {
    for await (const _ of every(100, undefined, { signal: over.signal })) look();
  } catch (error) {
    if (!over.signal.aborted) throw error;
  }
  await ended;
  return seen.map(({ first, most }) => ({ firstBytes: first ?? 0, mostBytes: most }));
}

function residentBytes(pid: number): number | undefined {
  try {
    return processUsage(pid).residentBytes;
  } catch {
    return undefined;
  }
}
