import { expect, test } from '@jest/globals';
import { waitFor } from '@driftbox/testkit';
import type { PassResult } from '../pass.ts';
import { Daemon } from './run-daemon.ts';

const plan = { agreements: [], read: [], remote: [], local: [], waiting: [] };
const quiet: PassResult = { result: 'quiet', plan, lookAgainMs: undefined };

/** A daemon over a loop that answers these, and then `quiet` for ever. */
function start(answers: PassResult[], paused: () => boolean = () => false) {
  const abort = new AbortController();
  let runs = 0;
  const told: string[] = [];
  const loop = { run: async () => ((runs += 1), answers.shift() ?? quiet), waiting: () => [] };
  const tell = ({ result }: { readonly result: string }): void => void told.push(result);
  const daemon = new Daemon({ loop, paused, tell, signal: abort.signal, random: () => 0 });
  return { daemon, running: daemon.run(), end: () => abort.abort(), runs: () => runs, told };
}

test('passes again at once while something moves, then rests until it is called', async () => {
  const it = start([{ result: 'moved', plan, lookAgainMs: undefined }]);
  await waitFor(() => it.runs() === 2);
  it.daemon.call();
  await waitFor(() => it.runs() === 3);
  it.daemon.listener.changed(['a']);
  await waitFor(() => it.runs() === 4);
  it.daemon.listener.overflowed('too much');
  await waitFor(() => it.runs() === 5);
  it.end();
  expect(await it.running).toBeUndefined();
});

test('comes back by itself for what is due, and after a pause without a server', async () => {
  const it = start([
    { result: 'quiet', plan, lookAgainMs: Date.now() + 20 },
    { result: 'offline', reason: 'gone' },
  ]);
  await waitFor(() => it.runs() === 3);
  expect(it.told).toContain('offline');
  it.end();
  await it.running;
});

test('ends when a person has to decide, and says why', async () => {
  const it = start([{ result: 'halted', reason: 'too much', plan }]);
  expect(await it.running).toMatchObject({ result: 'halted', reason: 'too much' });
});

test('rests while it is paused', async () => {
  let paused = true;
  const it = start([], () => paused);
  await waitFor(() => it.told.includes('paused'));
  expect(it.runs()).toBe(0);
  paused = false;
  it.daemon.call();
  await waitFor(() => it.runs() === 1);
  it.end();
  await it.running;
});
