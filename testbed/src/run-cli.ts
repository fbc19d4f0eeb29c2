import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectFolder } from './standalone-process.ts';

/** What a finished command left. */
export type CliResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A command line of one person: their own configuration folder, real processes. */
export type Cli = {
  /** Runs to the end whatever the exit code. */
  run(...args: string[]): Promise<CliResult>;
  /** Runs to the end and throws, with its output, unless it exits with 0. Answers its standard output. */
  must(...args: string[]): Promise<string>;
  /** Starts and hands over the process, for tests that kill it. */
  start(...args: string[]): ChildProcess;
};

/** The command line with its credentials in `configFolder`; from another checkout than this if one is named. */
export function createCli(configFolder: string, env: Readonly<Record<string, string>> = {}, checkout = projectFolder): Cli {
  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, ['--no-warnings', path.join(checkout, 'clients/cli/src/main.ts'), ...args], {
      env: { ...process.env, DRIFTBOX_CONFIG_DIR: configFolder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const run = async (...args: string[]): Promise<CliResult> => {
    const child = start(...args);
    const [stdout, stderr, exit] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code: exit[0], stdout, stderr };
  };
  const must = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`driftbox ${args.join(' ')} exited with ${code}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
    return stdout;
  };
  return { run, must, start };
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let whole = '';
  for await (const piece of stream.setEncoding('utf8')) whole += piece as string;
  return whole;
}
