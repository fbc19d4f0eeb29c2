import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { createFolderDeadLetters, type CloudEvent } from '@driftbox/event-bus';
import { waitFor } from '@driftbox/testkit';
import { projectFolder } from '../src/standalone-process.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';
import { startWorld, type World } from '../src/world.ts';

const ownServerTest = testThatNeeds('ownServer');
let world: World;
beforeAll(async () => void (world = await startWorld()), 120_000);
afterAll(async () => world?.close());

async function events(...args: string[]): Promise<unknown[]> {
  const main = path.join(projectFolder, 'packages/event-bus/src/main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', main, ...args]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

ownServerTest(
  'what metadata could not handle is sent to it again by command: while the server runs, and when it starts again',
  async () => {
    await world.cli.must('mkdir', '/plans');
    const drive = (await world.cli.must('share', '/plans')).trim();
    const { account } = JSON.parse(await world.cli.must('whoami', '--json')) as { account: { userId: string; tenantId: string } };
    const nameInMetadata = async (): Promise<string | undefined> => {
      const { items } = JSON.parse(await world.cli.must('members', 'list', drive, '--json')) as { items: { name: string }[] };
      return items[0]?.name;
    };
    const folder = path.join(world.dataFolder, 'dead-letters');
    const letters = createFolderDeadLetters(folder);
    const keepLetter = async (displayName: string): Promise<string> => {
      const id = randomUUID();
      const event: CloudEvent = {
        specversion: '1.0',
        id,
        source: '/auth',
        type: 'user.updated',
        time: new Date().toISOString(),
        datacontenttype: 'application/json',
        subject: account.userId,
        tenant: account.tenantId,
        partitionkey: account.userId,
        data: { userId: account.userId, displayName },
      };
      const from = { group: 'metadata', topic: 'driftbox.accounts', key: account.userId, attempts: 8, failedAtMs: Date.now() };
      await letters.add({ ...from, id, event, cause: 'it was too early' });
      return id;
    };
    const sent = async (): Promise<void> => {
      await waitFor(async () => (await letters.list(10)).length === 0, { deadlineMs: 30_000, what: 'the letter to be handled' });
    };

    const first = await keepLetter('Ada of the first letter');
    expect(await events('dead-letters', '--folder', folder)).toMatchObject([{ id: first, group: 'metadata', cause: 'it was too early' }]);
    await events('replay', '--id', first, '--folder', folder);
    await sent();
    expect(await nameInMetadata()).toBe('Ada of the first letter');

    await world.server().stop();
    const second = await keepLetter('Ada of the second letter');
    expect(await events('replay', '--group', 'metadata', '--folder', folder)).toEqual([second]);
    await world.restart();
    await sent();
    expect(await nameInMetadata()).toBe('Ada of the second letter');
  },
  180_000,
);
