import path from 'node:path';
import { connectHints, createClient, httpTransport } from '@driftbox/api-client';
import { temporaryFolder, waitFor } from '@driftbox/testkit';
import { putFiles, signUpByApi } from '../../src/api-user.ts';
import { allGoOn, startClientLoad, type ClientLoad } from '../../src/client-load.ts';
import { apiLoadClient, cliLoadClient, lastingToken } from '../../src/load-clients.ts';
import { trustCertificate } from '../../src/trust-certificate.ts';
import { startStack, type Stack } from '../../stack/start-stack.ts';
import type { Shown } from '../point.ts';

const apiClients = 3;
/** Operations that each client must end around each step. */
const operationsEach = 4;

/** One thing that is done to a stack while clients use it. */
export type Step = { readonly name: string; readonly act: () => Promise<void> };

/**
 * Starts a stack of two replicas and clients that put and get files through its gateway; takes the steps one by one, each
 * followed until every client has gone on; then stops the clients and reads everything acknowledged back. Somebody who
 * follows hints all the while must be told of a commit at the end. `DRIFTBOX_ACCEPT_SMALL` takes one node of each back end.
 */
export async function showUnderLoad(stepsOf: (stack: Stack) => readonly Step[]): Promise<Shown> {
  await using folder = await temporaryFolder();
  const small = process.env['DRIFTBOX_ACCEPT_SMALL'] !== undefined;
  const stack = await startStack({ small, replicas: 2, report: () => {} });
  try {
    const { address, certificateFile } = stack;
    await trustCertificate(certificateFile);
    const clients = [
      ...(await Promise.all(Array.from({ length: apiClients }, (_, index) => apiLoadClient(address, `api${index}`)))),
      await cliLoadClient(address, 'cli', folder.path, path.resolve(certificateFile)),
    ];
    const follower = await followHints(address);
    const loads = clients.map((client, index) => startClientLoad(client, `client${index}`, index));
    try {
      const lines = await takeSteps(stepsOf(stack), loads);
      await Promise.all(loads.map((load) => load.stop()));
      const isTold = await follower.isTold();
      return await sumUp(loads, lines, isTold);
    } finally {
      await Promise.all(loads.map((load) => load.stop()));
      await follower.close();
      for (const client of clients) client.close();
    }
  } finally {
    await stack.stop();
  }
}

async function takeSteps(steps: readonly Step[], loads: readonly ClientLoad[]): Promise<string[]> {
  const lines: string[] = [];
  await allGoOn(loads, 'before anything', operationsEach);
  for (const { name, act } of steps) {
    const before = totalsOf(loads);
    const startMs = performance.now();
    await act();
    const actMs = performance.now() - startMs;
    await allGoOn(loads, `after ${name}`, operationsEach);
    const now = totalsOf(loads);
    const line =
      `${name}: back after ${(actMs / 1000).toFixed(1)} s; ${now.done - before.done} operations, ` +
      `${now.failures - before.failures} failed for good, ${now.failedTries - before.failedTries} tries repeated`;
    process.stderr.write(`${line}\n`);
    lines.push(line);
  }
  return lines;
}

async function sumUp(loads: readonly ClientLoad[], lines: readonly string[], isTold: boolean): Promise<Shown> {
  const missing = (await Promise.all(loads.map((load) => load.missing()))).flat();
  const failures = loads.flatMap((load) => load.failures);
  const { done, failedTries, tries, why } = totalsOf(loads);
  const kept = loads.reduce((sum, load) => sum + load.kept.size, 0);
  const first =
    `${done} operations, ${failures.length} failed for good; ${kept} files acknowledged, ${missing.length} lost or changed; ` +
    `${failedTries} of ${tries} tries failed and were repeated (${why}); hints ${isTold ? 'came again' : 'did not come again'}`;
  const holds = failures.length === 0 && missing.length === 0 && isTold;
  return { holds, figure: [first, ...lines, ...failures.slice(0, 10), ...missing.slice(0, 10)].join('\n') };
}

type Totals = {
  readonly done: number;
  readonly failures: number;
  readonly tries: number;
  readonly failedTries: number;
  readonly why: string;
};

function totalsOf(loads: readonly ClientLoad[]): Totals {
  const sum = (of: (load: ClientLoad) => number): number => loads.reduce((all, load) => all + of(load), 0);
  const why = new Map<string, number>();
  for (const { tries } of loads) for (const [code, count] of tries.failed) why.set(code, (why.get(code) ?? 0) + count);
  return {
    done: sum((load) => load.done()),
    failures: sum(({ failures }) => failures.length),
    tries: sum(({ tries }) => tries.count),
    failedTries: [...why.values()].reduce((all, count) => all + count, 0),
    why: [...why].map(([code, count]) => `${code}: ${count}`).join(', ') || 'none',
  };
}

async function followHints(address: string): Promise<{ isTold(): Promise<boolean>; close(): Promise<void> }> {
  const user = await signUpByApi(address, 'follower');
  const transport = httpTransport(address);
  const token = lastingToken(user, transport);
  let toldSeq = 0;
  const hints = connectHints({
    address,
    token,
    onHint: ({ seq }) => void (toldSeq = Math.max(toldSeq, seq)),
    onDrivesChanged: () => {},
    maxPauseMs: 2_000,
  });
  return {
    isTold: async () => {
      const before = toldSeq;
      await putFiles({ ...user, client: createClient({ transport, token }) }, [
        { name: 'last.txt', bytes: Buffer.from('the last commit') },
      ]);
      return waitFor(() => toldSeq > before, { deadlineMs: 60_000, what: 'the hint' }).catch(() => false);
    },
    close: async () => {
      await hints.close();
      transport.close();
    },
  };
}
