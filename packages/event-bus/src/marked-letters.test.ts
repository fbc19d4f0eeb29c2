import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { temporaryFolder, waitFor } from '@driftbox/testkit';
import { createFolderDeadLetters, createMemoryBus, replayMarked, type CloudEvent, type EventBus } from './index.ts';
import { testEvent } from './testing/test-event.ts';

type Printed = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** `npm run events` to its end. */
async function events(...args: string[]): Promise<Printed> {
  const command = ['--no-warnings', path.join(import.meta.dirname, 'main.ts'), ...args];
  return promisify(execFile)(process.execPath, command).then(
    (ended) => ({ code: 0, ...ended }),
    (error: unknown) => error as Printed,
  );
}

test('dead letters in a folder are listed and sent again by command, once each time that they are marked', async () => {
  await using folder = await temporaryFolder();
  const bus: EventBus = createMemoryBus({ maxAttempts: 1, deadLetters: createFolderDeadLetters(folder.path) });
  let broken = true;
  const handled: unknown[] = [];
  const handler = async ({ data }: CloudEvent): Promise<void> => {
    if (broken) throw new Error('cannot');
    handled.push(data);
  };
  for (const group of ['a', 'b']) await bus.subscribe({ group, topics: [group], handler });
  await bus.publish('a', 'k', testEvent(1));
  await bus.publish('a', 'k', testEvent(2));
  await bus.publish('b', 'k', testEvent(3));
  const outcomes: string[] = [];
  const replaying = replayMarked({ bus, folder: folder.path, everyMs: 5, onReplayed: (_id, outcome) => void outcomes.push(outcome) });
  try {
    const listed = (await events('dead-letters', '--folder', folder.path)).stdout.trim().split('\n');
    const letters = listed.map((line) => JSON.parse(line) as { id: string; event: CloudEvent });
    expect(letters.map(({ event }) => event.data)).toEqual([1, 2, 3]);
    expect(letters[0]).toMatchObject({ group: 'a', cause: 'cannot', attempts: 1 });
    const { id } = letters[0]!;

    expect(await events('replay', '--id', id, '--folder', folder.path)).toEqual({ code: 0, stdout: `"${id}"\n`, stderr: '' });
    await waitFor(() => outcomes.length === 1);
    expect([outcomes, handled]).toEqual([['failed'], []]);
    broken = false;
    await events('replay', '--id', id, '--folder', folder.path);
    await waitFor(() => outcomes.length === 2);
    await events('replay', '--group', 'a', '--folder', folder.path);
    await waitFor(() => outcomes.length === 3);
    expect([outcomes, handled]).toEqual([
      ['failed', 'handled', 'handled'],
      [1, 2],
    ]);
    expect((await bus.deadLetters(10)).map(({ group }) => group)).toEqual(['b']);
    expect((await events('replay', '--group', 'a', '--folder', folder.path)).code).toBe(1);
  } finally {
    await replaying.stop();
    await bus.close();
  }
}, 60_000);

test.each([
  [['dead-letters', '--folder', '/nowhere/at/all'], '/nowhere/at/all is no folder'],
  [['dead-letters', '--folder', import.meta.dirname, '--limit', 'many'], '--limit takes a whole number from 1 to 999999999, not many'],
  [['dead-letters', '--folder', import.meta.dirname, '--brokers', 'a:1'], 'name one'],
  [['topics', '--folder', import.meta.dirname], 'the command is dead-letters or replay, not topics'],
  [['replay', '--folder', import.meta.dirname], 'replay takes --id ID or --group GROUP'],
  [['replay', '--brokers', 'a:1'], 'replay takes --id ID or --group GROUP'],
  [['rewind', '--brokers', 'a:1', '--group', 'g', '--topic', 't'], 'rewind takes --time RFC3339 or --offset N'],
  [['dead-letters'], 'npm run events -- COMMAND'],
])('events %j is told what is wrong with it', async (args, message) => {
  const { code, stderr } = await events(...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
