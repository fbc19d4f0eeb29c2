import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { readBody } from '@driftbox/api-client';
import { element, LocalError } from '@driftbox/transfer';
import { UsageError } from './exit-codes.ts';

const maxBytes = 4096;

/**
 * A password from `--password-file` (`-` is standard input), from the terminal without echo, or from standard input. Never
 * from an argument, which every process of the machine could read. One newline at the end is not part of it.
 */
export async function readPassword(file: string | undefined, prompt: string): Promise<string> {
  return element(await readAll(file, [prompt]), 0);
}

/** One that is to be set. On a terminal it is asked for twice: nothing opens what a slip of the hand has closed. Throws `UsageError`. */
export async function readNewPassword(file: string | undefined, prompt: string): Promise<string> {
  const [password = '', again = password] = await readAll(file, [prompt, 'The same again: ']);
  if (password !== again) throw new UsageError('what was typed is not the same twice');
  return password;
}

/** What is typed for each prompt, or else the one password that a file or standard input has. */
async function readAll(file: string | undefined, prompts: readonly string[]): Promise<string[]> {
  const isTyped = file === undefined && process.stdin.isTTY;
  const read = isTyped ? await fromTerminal(prompts) : [await (file === undefined || file === '-' ? fromPipe() : fromFile(file))];
  const passwords = read.map((text) => text.replace(/\r?\n$/, ''));
  if (passwords[0] === '') throw new UsageError('an empty password; pipe it in, or give --password-file FILE');
  return passwords;
}

async function fromFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new LocalError(`cannot read the password file: ${error.message}`);
  });
}

async function fromPipe(): Promise<string> {
  return Buffer.from(await readBody(process.stdin as AsyncIterable<Uint8Array>, maxBytes)).toString('utf8');
}

async function fromTerminal(prompts: readonly string[]): Promise<string[]> {
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const lines: string[] = [];
  const ask = (): boolean => process.stderr.write(prompts[lines.length] ?? '');
  try {
    ask();
    return await new Promise<string[]>((resolve, reject) => {
      terminal.on('line', (line) => {
        lines.push(line);
        process.stderr.write('\n');
        if (lines.length < prompts.length) ask();
        else resolve(lines);
      });
      terminal.once('SIGINT', () => reject(new LocalError('interrupted')));
      // Ctrl-D.
      terminal.once('close', () => resolve([...lines, '']));
    });
  } finally {
    if (lines.length < prompts.length) process.stderr.write('\n');
    terminal.close();
  }
}
