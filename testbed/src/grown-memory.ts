import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setInterval as every } from 'node:timers/promises';
import { processUsage } from './process-usage.ts';
import type { Cli } from './run-cli.ts';

/** Resident bytes of a process while something went on: when it was first looked at, and the most there were. */
type GrownMemory = { readonly firstBytes: number; readonly mostBytes: number };

/** Looks at the memory of some processes ten times a second until `work` is done. One that ends before is looked at until then. */
async function grownMemory(pids: readonly number[], work: Promise<unknown>): Promise<GrownMemory[]> {
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

/** How long a process took, and what memory it and the server had meanwhile: of several processes the one that grew most. */
export type CommandMemory = { readonly seconds: number; readonly client: GrownMemory; readonly server: GrownMemory };

/** Runs a command to its end. Throws, with the end of what it complained of, unless it exits with 0. */
export function memoryOfCommand(serverPids: readonly number[], cli: Cli, ...args: string[]): Promise<CommandMemory> {
  return memoryOfClient(serverPids, cli.start(...args), args[0] ?? 'the command');
}

/** Waits for the end of a client that was just started. Throws, with the end of what it complained of, unless it exits with 0. */
export async function memoryOfClient(serverPids: readonly number[], child: ChildProcess, name: string): Promise<CommandMemory> {
  const startMs = performance.now();
  let complaints = '';
  child.stdout!.resume();
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-4_000)));
  const exit = once(child, 'close') as Promise<[number | null]>;
  const [client, ...servers] = await grownMemory([child.pid!, ...serverPids], exit);
  const [code] = await exit;
  if (code !== 0) throw new Error(`${name} exited with ${code}\n${complaints}`);
  return { seconds: (performance.now() - startMs) / 1000, client: client!, server: servers.reduce(moreGrown) };
}

function moreGrown(one: GrownMemory, other: GrownMemory): GrownMemory {
  return other.mostBytes - other.firstBytes > one.mostBytes - one.firstBytes ? other : one;
}

function residentBytes(pid: number): number | undefined {
  try {
    return processUsage(pid).residentBytes;
  } catch {
    return undefined;
  }
}
