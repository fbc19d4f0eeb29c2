import { spawn } from 'node:child_process';
import { NotLeading } from '../runtime/index.ts';

/** What a program is run with. */
export type GuardedRun = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** How much longer the right to change things lasts; throws where it is in doubt (`Elector.guard`). */
  readonly guard: () => number;
  /** The longest that it may take. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** How a program ended: its code, or the signal by which it was ended. `text` is the end of what it said on both channels. */
export type Ended = { readonly code: number | null; readonly text: string; readonly output: string };

const lookEveryMs = 200;
/** From the first doubt until nobody else can have the lead: time for the program to leave its records in order. */
const graceMs = 3_000;
const mostOutput = 16 << 20;
const mostText = 4_096;

/** Programs under way: none outlives this process, which may end because it lost the lead. */
const running = new Set<() => void>();
process.on('exit', () => running.forEach((kill) => kill()));

/**
 * Runs a program without a shell for as long as the guard allows: once that throws it is asked to end, and soon after made to. Throws
 * `NotLeading` then, and the signal's reason where that ended it; a program that ends by itself is an answer, whatever its code.
 */
export async function runGuarded({ command, args, env, guard, timeoutMs, signal }: GuardedRun): Promise<Ended> {
  guard();
  signal?.throwIfAborted();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  running.add(kill);
  let why: Error | undefined;
  let patience: NodeJS.Timeout | undefined;
  const end = (reason: Error): void => {
    if (why !== undefined) return;
    why = reason;
    child.kill('SIGTERM');
    patience = setTimeout(kill, graceMs);
  };
  const look = setInterval(() => doubt(guard, end), lookEveryMs);
  const limit = setTimeout(() => end(new Error(`${command} took longer than ${timeoutMs / 1000} s`)), timeoutMs);
  const abort = (): void => end(signal?.reason instanceof Error ? signal.reason : new Error('it is no longer wanted'));
  signal?.addEventListener('abort', abort, { once: true });
  const [output, complaints] = [keep(child.stdout, mostOutput), keep(child.stderr, mostText)];
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (why !== undefined) throw why;
    return { code, output: output(), text: `${complaints()}${code === 0 ? '' : output()}`.slice(-mostText) };
  } finally {
    clearInterval(look);
    clearTimeout(limit);
    clearTimeout(patience);
    signal?.removeEventListener('abort', abort);
    running.delete(kill);
  }
}

function doubt(guard: () => number, end: (reason: Error) => void): void {
  try {
    guard();
  } catch (error) {
    end(error instanceof Error ? error : new NotLeading());
  }
}

/** Keeps the last so many characters of a stream, and reads all of it: a full pipe would hold the program up. */
function keep(stream: NodeJS.ReadableStream, most: number): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => (text = (text + piece).slice(-most)));
  return () => text;
}
