import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readBody } from '@driftbox/api-client';
import { LocalError } from '@driftbox/transfer';

/** Asks a cluster by kubectl, which knows the way to it; answers what it says. Throws `LocalError`, with its complaint. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

const mostBytes = 256 << 20;

/** The kubectl of this machine, in the environment of this command. What is secret goes through pipes, never through arguments. */
export function createKubectl(env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Kubectl {
  return async (args, input = '') => {
    const child = spawn('kubectl', args, { env: { ...env }, signal, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const said = Promise.all([readBody(child.stdout, mostBytes), readBody(child.stderr, mostBytes), once(child, 'close')]);
    const [out, complaint, [code]] = await said.catch((error: Error) => {
      throw new LocalError(`cannot run kubectl: ${error.message}`);
    });
    // What comes before its last line is a log.
    const [last = ''] = Buffer.from(complaint).toString('utf8').trim().split('\n').slice(-1);
    if (code !== 0) throw new LocalError(`kubectl ${args[0] ?? ''}: ${last}`);
    return Buffer.from(out).toString('utf8');
  };
}
