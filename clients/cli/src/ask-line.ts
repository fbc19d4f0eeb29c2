import { createInterface } from 'node:readline/promises';
import { LocalError } from '@driftbox/transfer';

/** What is typed for a prompt, shown as it is typed; `undefined` where nobody sits at a terminal, or for an empty line. */
export async function askLine(prompt: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const given = Promise.withResolvers<string>();
  terminal.once('SIGINT', () => given.reject(new LocalError('interrupted')));
  // Ctrl-D.
  terminal.once('close', () => given.resolve(''));
  terminal.question(prompt).then(given.resolve, given.reject);
  try {
    const text = (await given.promise).trim();
    return text === '' ? undefined : text;
  } finally {
    terminal.close();
  }
}
