import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '@driftbox/cli';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { emailOf } from '../src/email-of.ts';
import { openWorld, type OpenWorld } from '../src/target/open-world.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';

/** Exit codes of docs/cli.md. */
const [done, usage, refused, notFound, conflict] = [0, 2, 3, 4, 5];

/** The command line of one person, within this process. */
class Person {
  readonly #config: string;
  constructor(config: string) {
    this.#config = config;
  }
  async run(...args: string[]): Promise<{ code: number; out: string; errors: string }> {
    let [out, errors] = ['', ''];
    const stdout = { write: (text: string) => (out += text) };
    const stderr = { write: (text: string) => (errors += text) };
    const code = await runProgram(args, {
      env: { DRIFTBOX_CONFIG_DIR: this.#config },
      signal: new AbortController().signal,
      stdout,
      stderr,
    });
    return { code, out, errors };
  }
  async must(...args: string[]): Promise<string> {
    const { code, out, errors } = await this.run(...args);
    expect([args, code, errors]).toEqual([args, done, expect.any(String)]);
    return out;
  }
}

let world: OpenWorld;
let ada: Person;
let bob: Person;
const bobsEmail = emailOf('bob');
const ownServerTest = testThatNeeds('ownServer');
beforeAll(async () => {
  world = await openWorld();
  ada = new Person(at('config'));
  bob = new Person(at('bob'));
  const person = ['--email', bobsEmail, '--name', 'Bob', '--password-file', world.passwordFile];
  await bob.must('signup', '--server', world.address, ...person);
  await writeFile(at('note'), 'the first note');
  await ada.must('put', at('note'), '/plans/deep/note');
});
afterAll(async () => world?.close());

const at = (name: string): string => path.join(world.folder, name);
const json = async <T>(by: Person, ...args: string[]): Promise<T> => JSON.parse(await by.must(...args, '--json')) as T;
const ls = (by: Person, where: string): Promise<string> => by.must('ls', where);

test('a folder is shared, used by both, given away, left, and taken back', async () => {
  const drive = (await ada.must('share', '/plans')).trim();
  // Metadata hears of new people a moment after they came.
  await waitFor(async () => (await ada.run('share', '/plans', '--with', bobsEmail)).code === 0, {
    deadlineMs: 30_000,
    what: 'metadata knowing Bob',
  });
  expect(await ls(ada, '/plans/deep')).toBe('note\n');
  expect(await bob.must('drives')).toContain(`${drive}  editor`);
  await bob.must('mount', drive, '/from-ada');
  await bob.must('get', '/from-ada/deep/note', at('bobs'));
  expect(await readFile(at('bobs'), 'utf8')).toBe('the first note');

  // Out of Ada's home, into the shared folder, out of it into Bob's: one entry all the way, with its history.
  await writeFile(at('note'), 'a note that moves');
  await ada.must('put', at('note'), '/mine');
  const { entryId } = await json<{ entryId: string }>(ada, 'mv', '/mine', '/plans/');
  expect(await json(bob, 'mv', '/from-ada/mine', '/bobs')).toMatchObject({ path: '/bobs', entryId, rev: 3 });
  await bob.must('get', '/bobs', at('moved'));
  expect(await readFile(at('moved'), 'utf8')).toBe('a note that moves');
  expect((await ada.run('get', '/plans/mine', at('gone'))).code).toBe(notFound);
  expect((await ada.run('mv', '/plans', '/plans/deep')).code).toBe(usage);

  const members = async () => (await json<{ items: { email: string; role: string }[] }>(ada, 'members', 'list', '/plans')).items;
  await ada.must('members', 'role', '/plans', bobsEmail, '--role', 'viewer');
  expect((await bob.run('put', at('note'), '/from-ada/more')).code).toBe(refused);
  expect((await bob.run('members', 'add', '/from-ada', world.email)).code).toBe(refused);
  expect((await ada.run('members', 'transfer', '/plans', bobsEmail)).code).toBe(usage);
  await ada.must('members', 'transfer', '/plans', bobsEmail, '--yes');
  expect((await members()).map(({ email, role }) => [email, role])).toEqual(
    expect.arrayContaining([
      [bobsEmail, 'owner'],
      [world.email, 'manager'],
    ]),
  );
  await waitFor(async () => (await bob.must('notifications')).includes('You own "plans" now'), {
    deadlineMs: 30_000,
    what: 'Bob being told',
  });
  expect(await bob.must('notifications', 'read')).toBe('0 unread\n');
  expect((await ada.run('unshare', '/plans', '--yes')).code).toBe(refused);
  await ada.must('leave', '/plans');
  expect(await ls(ada, '/')).toBe('');
  expect((await ada.run('members', 'list', drive)).code).toBe(notFound);
  await bob.must('unshare', '/from-ada', '--yes');
  expect(await ls(bob, '/from-ada/deep')).toBe('note\n');
  expect(await bob.must('history', '/from-ada/deep/note')).toContain('r1');
  expect(await bob.must('activity', '/from-ada/deep/note')).toMatch(/ {2}note {2}r1\n$/);
  expect((await bob.run('activity', '/nowhere')).code).toBe(notFound);
});

ownServerTest('a folder is offered to a group, whose people take it or leave it', async () => {
  await writeFile(at('offer'), 'offered');
  await ada.must('put', at('offer'), '/offers/a');
  await ada.must('share', '/offers');
  await ada.must('groups', 'create', 'Readers');
  await waitFor(async () => (await ada.run('groups', 'add', 'readers', bobsEmail)).code === 0, {
    deadlineMs: 30_000,
    what: 'metadata knowing Bob',
  });
  expect((await bob.run('groups', 'create', 'Mine')).code).toBe(refused);
  expect((await ada.run('invite', '/offers', 'Nobodys')).code).toBe(notFound);
  type Offers = { items: { invitationId: string; driveName: string; state: string }[] };
  const offer = async () => (await json<Offers>(ada, 'invite', '/offers', 'Readers', '--role', 'viewer')).items[0]!.invitationId;
  await bob.must('invitations', 'decline', await offer());
  expect((await json<Offers>(bob, 'invitations')).items).toEqual([]);
  await ada.must('invitations', 'revoke', await offer());
  const last = await offer();
  expect(await bob.must('invitations', 'list')).toContain(`${last}  offers  viewer`);
  expect(await bob.must('invitations', 'accept', last)).toBe('you are viewer of offers\n');
  expect(await ls(bob, '/offers')).toBe('a\n');
  expect((await json<Offers>(ada, 'invitations', '--sent')).items.map(({ state }) => state)).toEqual(['declined', 'revoked', 'accepted']);
  // A role of the group's is another than one's own: it goes with the group.
  await ada.must('members', 'add', '/offers', 'Readers', '--role', 'editor');
  await bob.must('put', at('offer'), '/offers/b');
  await ada.must('groups', 'delete', 'Readers', '--yes');
  expect((await bob.run('put', at('offer'), '/offers/c')).code).toBe(refused);
  await ada.must('members', 'remove', '/offers', bobsEmail);
  expect(await ls(bob, '/')).not.toContain('offers');
});

ownServerTest('who administers the tenant invites people to it, sees who is invited, and takes it back', async () => {
  const { email, role } = await json<{ email: string; role: string }>(ada, 'admin', 'invite', 'Cleo@Example.com', '--role', 'guest');
  expect([email, role]).toEqual(['cleo@example.com', 'guest']);
  expect(await ada.must('admin', 'invitations')).toContain('cleo@example.com  guest');
  expect((await bob.run('admin', 'invite', 'dan@example.com')).code).toBe(refused);
  expect((await ada.run('admin', 'invite', bobsEmail)).code).toBe(conflict);
  expect((await ada.run('admin', 'invite', 'dan@example.com', '--role', 'king')).code).toBe(usage);
  await ada.must('admin', 'invitations', 'revoke', 'cleo@example.com');
  expect(await ada.must('admin', 'invitations')).toBe('');
});

test('a single file and a folder are shared as they are: seen by the commands, mounted and synced nowhere', async () => {
  await writeFile(at('report'), 'the report');
  await ada.must('put', at('report'), '/private/work/report');
  await ada.must('put', at('report'), '/private/letter');
  await ada.must('share', '/private/letter', '--with', bobsEmail, '--role', 'viewer');
  const asked = ['share', '/private/work', '--no-sync', '--with', bobsEmail, '--role', 'viewer'];
  const { drive, entryId } = await json<{ drive: string; entryId: string }>(ada, ...asked);
  expect((await ada.run('share', '/private/letter')).code).toBe(usage);
  expect(await bob.must('drives')).not.toContain(drive);
  const { items } = await json<{ items: { entry: { name: string }; role: string }[] }>(bob, 'shared');
  expect(items.map(({ entry, role }) => [entry.name, role])).toEqual([
    ['letter', 'viewer'],
    ['work', 'viewer'],
  ]);
  expect(await bob.must('shared', 'ls', entryId)).toContain('report');
  await bob.must('shared', 'get', 'work/report', at('bobs-report'));
  expect(await readFile(at('bobs-report'), 'utf8')).toBe('the report');
  expect((await bob.run('shared', 'get', 'work/other')).code).toBe(notFound);
  expect((await bob.run('shared', 'put', at('report'), 'work/more')).code).toBe(refused);
  await ada.must('members', 'role', '/private/work', bobsEmail, '--role', 'editor');
  await writeFile(at('edited'), 'edited by Bob');
  await bob.must('shared', 'put', at('edited'), 'work/report');
  await bob.must('shared', 'put', at('edited'), 'work');
  expect((await bob.run('shared', 'put', at('edited'), 'letter')).code).toBe(refused);
  await ada.must('get', '/private/work/report', at('edited-report'));
  expect([await readFile(at('edited-report'), 'utf8'), await ls(ada, '/private/work')]).toEqual(['edited by Bob', 'edited\nreport\n']);
  expect((await bob.run('shared', 'nonsense')).code).toBe(usage);
  expect(await bob.must('search', 'report')).toContain('/work/report');
  expect(await ada.must('members', 'list', '/private/work')).toContain(`editor  Bob <${bobsEmail}>`);
  await ada.must('members', 'role', '/private/work', bobsEmail, '--role', 'manager');
  expect((await ada.run('members', 'transfer', '/private/work', bobsEmail, '--yes')).code).toBe(usage);
  await ada.must('members', 'remove', '/private/work', bobsEmail);
  await bob.must('shared', 'leave', 'letter');
  expect(await bob.must('shared')).toBe('');
  expect((await bob.run('shared', 'get', 'work/report')).code).toBe(notFound);
});

ownServerTest('whoever forgot their password sets another one by the mailed code, and confirms their address by another', async () => {
  const mailed = (command: string): Promise<string> =>
    waitFor(
      async () => {
        const folder = path.join(world.own().dataFolder, 'mail');
        const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).toSorted();
        const mails = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
        // Quoted-printable (RFC 2045): long lines are broken behind a =.
        const whole = mails.map((mail) => mail.replaceAll(/=\r?\n/g, '')).filter((mail) => mail.includes(bobsEmail));
        return whole.flatMap((mail) => new RegExp(`^driftbox ${command} (\\S+) --server `, 'm').exec(mail)?.[1] ?? []).at(-1);
      },
      { deadlineMs: 30_000, what: `a mail that says ${command}` },
    );
  await bob.must('confirm', await mailed('confirm'));
  expect(await bob.must('password', 'forgot', bobsEmail)).toContain(bobsEmail);
  await writeFile(at('new-password'), 'another one altogether');
  const code = await mailed('password reset');
  await bob.must('password', 'reset', code, '--password-file', at('new-password'));
  expect((await bob.run('password', 'reset', code, '--password-file', at('new-password'))).code).toBe(refused);
  const logIn = (file: string) => bob.run('login', '--server', world.address, '--email', bobsEmail, '--password-file', file);
  expect((await logIn(world.passwordFile)).code).toBe(refused);
  expect((await logIn(at('new-password'))).code).toBe(done);
  const files = ['--current-file', at('new-password'), '--password-file', world.passwordFile];
  await bob.must('password', 'change', ...files);
  expect((await bob.run('password', 'change', ...files)).code).toBe(refused);
  expect((await bob.run('password', 'reset')).code).toBe(usage);
});

ownServerTest('somebody is removed, and another takes over what they own, home included', async () => {
  await writeFile(at('bequest'), 'kept');
  await bob.must('put', at('bequest'), '/letters/last');
  await bob.must('share', '/letters', '--with', world.email);
  expect((await bob.run('admin', 'users', 'remove', world.email, '--yes')).code).toBe(refused);
  const remove = (...more: string[]) => ada.run('admin', 'users', 'remove', bobsEmail, ...more);
  expect((await remove('--hand-over-to', world.email)).code).toBe(usage);
  const alone = await remove('--yes');
  expect([alone.code, alone.errors]).toEqual([conflict, expect.stringContaining('letters  shared with 1')]);
  const dry = await remove('--hand-over-to', world.email, '--dry-run');
  expect([dry.code, dry.out]).toEqual([done, expect.stringContaining('nothing was changed')]);
  const gone = await remove('--hand-over-to', world.email, '--yes');
  expect([gone.errors, gone.code]).toEqual([expect.any(String), done]);
  expect((await bob.run('ls', '/')).code).toBe(refused);
  expect(await ada.must('drives')).toMatch(/owner {2}Files of Bob|Files of Bob/);
  expect(await ada.must('admin', 'users')).not.toContain(bobsEmail);
});
