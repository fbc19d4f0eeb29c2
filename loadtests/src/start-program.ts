import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** The project's root folder. */
export const projectFolder = path.resolve(import.meta.dirname, '../..');

/** A program of this repository that says one line of JSON when it is ready, and runs until it is told to stop. */
export type Program = {
  readonly ready: unknown;
  /** Sends it a signal. */
  signal(name: NodeJS.Signals): void;
  /** The next line of JSON that it says; rejects when it ends before. */
  nextLine(): Promise<unknown>;
  stop(): Promise<void>;
};

/** Starts one. Throws, with what it complained of, if it ends before it is ready. */
export async function startProgram(entry: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const child = spawn(process.execPath, ['--no-warnings', path.join(projectFolder, entry), ...args], {
    cwd: projectFolder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for us: a target that ended with us could not be asked what it has kept.
    detached: true,
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-4_000)));
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${entry} ended too early:\n${complaints}`);
    return JSON.parse(value);
  };
  return {
    ready: await nextLine(),
    signal: (name) => void child.kill(name),
    nextLine,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs one to its end and answers the JSON that it printed. Throws if it fails. */
export async function runProgram(entry: string, args: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, ['--no-warnings', path.join(projectFolder, entry), ...args], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${entry} ${args.join(' ')} exited with ${code}`);
  return JSON.parse(text);
}
