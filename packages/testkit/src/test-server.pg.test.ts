import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { servesFolder } from '@driftbox/postgres-server';
import { scriptProcess, waitFor } from './index.ts';

const runScript = (script: string): ReturnType<typeof scriptProcess> =>
  scriptProcess(`import { closeTestRun, openTestRun, testServer } from '@driftbox/testkit';\n${script}`, import.meta.dirname);

test('the server of a run that was killed is ended by the next run', async () => {
  const killed = runScript(`
    await openTestRun();
    const [one, two] = await Promise.all([testServer(), testServer()]);
    console.log(JSON.stringify({ same: one.pid === two.pid, pid: one.pid, folder: process.env.DRIFTBOX_TEST_RUN }));
    setInterval(() => {}, 1e6);`);
  const [line] = (await once(killed.stdout, 'data')) as [Buffer];
  const { same, pid, folder } = JSON.parse(line.toString()) as { same: boolean; pid: number; folder: string };
  expect(same).toBe(true);
  const serves = (): boolean => servesFolder(pid, path.join(folder, 'postgres', 'data'));
  expect(serves()).toBe(true);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect(serves()).toBe(true);
  await once(runScript('await openTestRun(); await closeTestRun();'), 'exit');
  await waitFor(() => !serves() && !existsSync(folder));
}, 90_000);
