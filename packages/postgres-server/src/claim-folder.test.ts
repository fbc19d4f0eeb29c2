import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { claimFolder } from './claim-folder.ts';
import { ServerRunning } from './errors.ts';
import { readPidFile, servesFolder } from './pid-file.ts';
import { settingFlags } from './settings.ts';

test('of many who claim a folder at once one gets it, and it is free when given up', async () => {
  await using folder = await temporaryFolder();
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => claimFolder(folder.path)));
  const winners = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(winners).toHaveLength(1);
  for (const one of outcomes) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(ServerRunning);
  await winners[0]?.();
  await expect(claimFolder(folder.path)).resolves.toBeDefined();
});

test.each(['{"pid": 0}', '', 'half a', JSON.stringify({ pid: process.pid, startedAt: 'another boot' })])(
  'a dead claim (%s) is taken over',
  async (claim) => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/owner.json`, claim);
    const release = await claimFolder(folder.path);
    await release();
    expect(existsSync(`${folder.path}/owner.json`)).toBe(false);
  },
);

test('the claim of a process that has ended is taken over', async () => {
  await using folder = await temporaryFolder();
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  const { pid } = child;
  await once(child, 'exit');
  await writeFile(`${folder.path}/owner.json`, JSON.stringify({ pid, startedAt: 'x' }));
  await expect(claimFolder(folder.path)).resolves.toBeDefined();
});

test('a lock file is read as far as it goes', async () => {
  await using folder = await temporaryFolder();
  expect(await readPidFile(folder.path)).toBeUndefined();
  for (const [text, ready] of [
    ['123\n/data\n0\n5432\n/tmp/s\n', false],
    ['123\n/data\n0\n5432\n/tmp/s\nlocalhost\n1 2\nstarting\n', false],
    ['123\n/data\n0\n5432\n/tmp/s\nlocalhost\n1 2\nready   \n', true],
  ] as const) {
    await writeFile(`${folder.path}/postmaster.pid`, text);
    expect(await readPidFile(folder.path)).toEqual({ pid: 123, socketFolder: '/tmp/s', ready });
  }
});

test('a live process that has nothing to do with a folder does not serve it', async () => {
  expect(servesFolder(process.pid, '/nowhere/data')).toBe(false);
});

test("one's own settings win, and only durable flushes", () => {
  const value = (flags: string[], name: string): string | undefined => flags.find((flag) => flag.startsWith(`${name}=`))?.split('=')[1];
  expect(value(settingFlags('durable', {}), 'fsync')).toBe('on');
  expect(value(settingFlags('fast', {}), 'fsync')).toBe('off');
  expect(value(settingFlags('fast', { fsync: 'on' }), 'fsync')).toBe('on');
  expect(value(settingFlags('durable', {}), 'listen_addresses')).toBe('');
});
