import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder, waitFor } from '@driftbox/testkit';
import { emailOf } from '../../src/email-of.ts';
import { createCli, type Cli } from '../../src/run-cli.ts';
import { startStandaloneProcess } from '../../src/standalone-process.ts';
import { worldPassword } from '../../src/world.ts';
import type { Point } from '../point.ts';
import { checkOutBeforeSchema } from './old-checkout.ts';

const openSignUp = { DRIFTBOX_SIGN_UP: 'open' };

/** What the middle of an upgrade is: this checkout's migrations have run, and the code before them still serves people. */
export const oldCode: Point = {
  number: 10,
  promise: 'the code before the newest migration serves people on the schema after it, and this code reads what they left',
  show: async (tell) => {
    await using folder = await temporaryFolder();
    // PostgreSQL may run as another user, who must be able to pass through.
    await chmod(folder.path, 0o711);
    const at = (name: string): string => path.join(folder.path, name);
    const old = await checkOutBeforeSchema(at('old'));
    tell(`${old.commit}, on ${old.newMigrations.length} migrations more than it knows: ${old.newMigrations.join(', ')}`);
    await mkdir(at('data'));
    await (await startStandaloneProcess(at('data'), openSignUp)).stop();
    const before = await startStandaloneProcess(at('data'), openSignUp, [], old.folder);
    let done: string[];
    try {
      done = await useAll(before.address, at, old.folder);
    } finally {
      await before.stop();
    }
    const now = await startStandaloneProcess(at('data'), { ...openSignUp, DRIFTBOX_PORT: new URL(before.address).port });
    try {
      await readAll(at);
    } finally {
      await now.stop();
    }
    const complaints = before.complaints();
    return {
      holds: complaints === '',
      figure:
        `${old.commit}, on ${old.newMigrations.join(', ') || 'changed migrations'}: ${done.join(', ')}; read again by this code` +
        (complaints === '' ? '' : `\nit complained:\n${complaints}`),
    };
  },
};

type At = (name: string) => string;

/** Two people do what people do, each by the command line of that time; answers what was done. Throws at the first failure. */
async function useAll(address: string, at: At, checkout: string): Promise<string[]> {
  const [ada, bob] = ['ada', 'bob'].map((name) => createCli(at(name), {}, checkout)) as [Cli, Cli];
  await writeFile(at('password'), `${worldPassword}\n`, { mode: 0o600 });
  for (const [name, cli] of [['ada', ada] as const, ['bob', bob] as const]) {
    const who = ['--server', address, '--email', emailOf(name), '--password-file', at('password')];
    await cli.must('signup', ...who, '--name', name);
  }
  for (const text of ['first', 'second']) {
    await writeFile(at('note'), text);
    await ada.must('put', at('note'), '/plans/note');
  }
  await expectText(ada, '/plans/note', 'second', at);
  const revisions = (JSON.parse(await ada.must('history', '/plans/note', '--json')) as { items: unknown[] }).items.length;
  if (revisions !== 2) throw new Error(`${revisions} revisions of a file that was put twice`);
  const share = () => ada.run('share', '/plans', '--with', emailOf('bob'), '--role', 'editor');
  // Metadata hears of new people a moment after they came.
  await waitFor(async () => (await share()).code === 0, { deadlineMs: 30_000, what: 'a folder to be shared' });
  const drives = JSON.parse(await bob.must('drives', '--json')) as { items: { drive: string; kind: string }[] };
  await bob.must('mount', drives.items.find(({ kind }) => kind === 'shared')?.drive ?? 'none', '/from-ada');
  await expectText(bob, '/from-ada/note', 'second', at);
  await bob.must('mv', '/from-ada/note', '/from-ada/moved');
  await ada.must('put', at('note'), '/gone');
  await ada.must('rm', '/gone');
  const listed = await ada.must('ls', '/');
  if (listed !== 'plans\n') throw new Error(`a drive that holds not the one folder but ${JSON.stringify(listed)}`);
  await ada.must('search', 'moved');
  return ['2 people signed up', '3 files put', 'got', 'listed with their history', 'shared', 'moved', 'deleted'];
}

/** This code, for the same people with what they were signed in with. */
async function readAll(at: At): Promise<void> {
  await expectText(createCli(at('ada')), '/plans/moved', 'second', at);
  await expectText(createCli(at('bob')), '/from-ada/moved', 'second', at);
  await createCli(at('ada')).must('restore', '/gone');
}

async function expectText(cli: Cli, file: string, text: string, at: At): Promise<void> {
  await cli.must('get', file, at('got'));
  const got = await readFile(at('got'), 'utf8');
  if (got !== text) throw new Error(`${file} holds ${JSON.stringify(got)}, not ${JSON.stringify(text)}`);
}
