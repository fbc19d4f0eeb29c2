import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { readBody } from '@driftbox/api-client';
import { LocalError } from '@driftbox/transfer';
import { UsageError } from './exit-codes.ts';

const maxBytes = 4096;

/**
 * A password from `--password-file` (`-` is standard input), from the terminal without echo, or from standard input. Never
 * from an argument, which every process of the machine could read. One newline at the end is not part of it.
 */
export async function readPassword(file: string | undefined, prompt: string): Promise<string> {
  const text =
    file !== undefined && file !== '-'
      ? await fromFile(file)
      : process.stdin.isTTY && file === undefined
        ? await fromTerminal(prompt)
        : await fromPipe();
  const password = text.replace(/\r?\n$/, '');
  if (password === '') throw new UsageError('an empty password; pipe it in, or give --password-file FILE');
  return password;
}

async function fromFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new LocalError(`cannot read the password file: ${error.message}`);
  });
}

async function fromPipe(): Promise<string> {
  return Buffer.from(await readBody(process.stdin as AsyncIterable<Uint8Array>, maxBytes)).toString('utf8');
}

async function fromTerminal(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      terminal.once('line', resolve);
      terminal.once('SIGINT', () => reject(new LocalError('interrupted')));
      terminal.once('close', () => resolve(''));
    });
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
