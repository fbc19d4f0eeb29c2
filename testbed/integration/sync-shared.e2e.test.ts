import { appendFile, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '@driftbox/cli';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { emailOf } from '../src/email-of.ts';
import { openWorld, type OpenWorld } from '../src/target/open-world.ts';
import { listTree } from '../src/tree-listing.ts';

// Two people, each with a synced folder, and drives that show up in both.
let world: OpenWorld;
const bobsEmail = emailOf('bob');
const at = (...names: string[]): string => path.join(world.folder, ...names);
const hers = (...names: string[]): string => at('ada-files', ...names);
const his = (...names: string[]): string => at('bob-files', ...names);

async function run(who: string, ...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const stream = { write: (text: string) => (out += text) };
  const env = { DRIFTBOX_CONFIG_DIR: who };
  const code = await runProgram(args, { env, signal: new AbortController().signal, stdout: stream, stderr: stream });
  return { code, out };
}
async function must(who: string, ...args: string[]): Promise<string> {
  const { code, out } = await run(who, ...args);
  expect([args, code, out]).toEqual([args, 0, out]);
  return out;
}
const ada = (...args: string[]): Promise<string> => must(at('config'), ...args);
const bob = (...args: string[]): Promise<string> => must(at('bob'), ...args);
/** One pass of each, and what was done, as they say it: `fetched Team/plan.txt`. */
async function sync(by: typeof ada, folder: string): Promise<string[]> {
  const lines = (await by('sync', folder, '--once', '--json')).split('\n').filter((line) => line.startsWith('{'));
  const deeds = lines.map((line) => JSON.parse(line) as { deed?: string; path?: string });
  return deeds.filter(({ deed }) => deed !== undefined).map(({ deed, path: where }) => `${deed} ${where}`);
}
const text = (file: string): Promise<string> => readFile(file, 'utf8');

beforeAll(async () => {
  world = await openWorld();
  const person = ['--email', bobsEmail, '--name', 'Bob', '--password-file', world.passwordFile];
  await bob('signup', '--server', world.address, ...person);
  await mkdir(hers('Team', 'deep'), { recursive: true });
  await writeFile(hers('Team', 'plan.txt'), 'the plan');
  await writeFile(hers('Team', 'deep', 'notes.txt'), 'notes');
});
afterAll(async () => world?.close());

test('a folder that is shared is synced by both, and where it was synced before no byte moves', async () => {
  await sync(ada, hers());
  const before = await stat(hers('Team', 'plan.txt'));
  const drive = (await ada('share', '/Team')).trim().split('\n').at(-1) ?? '';
  await waitFor(async () => (await run(at('config'), 'share', '/Team', '--with', bobsEmail)).code === 0, {
    deadlineMs: 30_000,
    what: 'metadata knowing Bob',
  });
  await appendFile(hers('Team', 'deep', 'notes.txt'), ', and unsent ones');
  expect(await sync(ada, hers())).toEqual(['sent Team/deep/notes.txt']);
  expect((await stat(hers('Team', 'plan.txt'))).ino).toBe(before.ino);

  await bob('mount', drive, '/From Ada');
  await sync(bob, his());
  expect(await text(his('From Ada', 'deep', 'notes.txt'))).toBe('notes, and unsent ones');
  await appendFile(his('From Ada', 'plan.txt'), ', revised');
  await writeFile(his('own.txt'), 'his own');
  await sync(bob, his());
  expect(await sync(ada, hers())).toEqual(['fetched Team/plan.txt']);
  expect(await text(hers('Team', 'plan.txt'))).toBe('the plan, revised');
  expect(await readdir(hers())).not.toContain('own.txt');
});

test('a mount is renamed and moved like a folder, each person for themselves', async () => {
  await mkdir(his('work'));
  await rename(his('From Ada'), his('work', 'Team of Ada'));
  await writeFile(his('work', 'Team of Ada', 'new.txt'), 'new');
  await sync(bob, his());
  expect(await bob('ls', '/work')).toBe('Team of Ada\n');
  expect(await sync(ada, hers())).toEqual(['fetched Team/new.txt']);
  await ada('mv', '/Team', '/Teams');
  await sync(ada, hers());
  expect(await text(hers('Teams', 'new.txt'))).toBe('new');
  expect((await readdir(hers())).filter((name) => !name.startsWith('.'))).toEqual(['Teams']);
});

test('what is moved on disk from one drive into another is deleted in one and new in the other', async () => {
  await writeFile(hers('draft.txt'), 'a draft');
  await sync(ada, hers());
  await rename(hers('draft.txt'), hers('Teams', 'draft.txt'));
  await sync(ada, hers());
  expect(await ada('ls', '/')).toBe('Teams\n');
  await sync(bob, his());
  expect(await text(his('work', 'Team of Ada', 'draft.txt'))).toBe('a draft');
  await rm(hers('Teams', 'draft.txt'));
  await sync(ada, hers());
  await sync(bob, his());
});

test('what is changed where one may only read leaves for the drive around it, and the folder is as the others have it', async () => {
  const team = his('work', 'Team of Ada');
  await ada('members', 'role', '/Teams', bobsEmail, '--role', 'viewer');
  await appendFile(path.join(team, 'plan.txt'), ', by Bob');
  await mkdir(path.join(team, 'fresh'));
  await writeFile(path.join(team, 'fresh', 'idea.txt'), 'an idea');
  await mkdir(path.join(team, 'box'));
  await writeFile(path.join(team, 'box', 'mine.txt'), 'beside what is theirs');
  await rename(path.join(team, 'new.txt'), path.join(team, 'box', 'renamed.txt'));
  await rm(path.join(team, 'deep', 'notes.txt'));
  await sync(bob, his());
  expect(await listTree(team)).toEqual(await listTree(hers('Teams')));
  const [left = ''] = (await readdir(his('work'))).filter((name) => name.startsWith('Team of Ada (conflicted copy of '));
  const kept = ['box', 'box/mine.txt', 'fresh', 'fresh/idea.txt', 'plan.txt'];
  expect((await readdir(his('work', left), { recursive: true })).sort()).toEqual(kept);
  expect(await text(his('work', left, 'plan.txt'))).toBe('the plan, revised, by Bob');
  expect(await bob('ls', `/work/${left}/fresh`)).toBe('idea.txt\n');
  expect(await sync(ada, hers())).toEqual([]);
  expect(await sync(bob, his())).toEqual([]);
  await writeFile(path.join(team, 'plan.txt'), 'once more');
  await sync(bob, his());
  expect((await readdir(his('work', left))).sort()).toEqual([
    'box',
    'fresh',
    'plan (conflicted copy of ' + left.split(' of ').at(-1)!.slice(0, -1) + ').txt',
    'plan.txt',
  ]);
  await ada('members', 'role', '/Teams', bobsEmail, '--role', 'editor');
  await writeFile(path.join(team, 'new.txt'), 'new, by Bob');
  expect(await sync(bob, his())).toEqual(['sent work/Team of Ada/new.txt']);
  await sync(ada, hers());
});

test('who may see it no longer keeps only what they alone had, in their own drive', async () => {
  await appendFile(his('work', 'Team of Ada', 'plan.txt'), ', and what only Bob has');
  await ada('members', 'remove', '/Teams', bobsEmail);
  await sync(bob, his());
  await sync(bob, his());
  expect(await text(his('work', 'Team of Ada', 'plan.txt'))).toBe('the plan, revised, and what only Bob has');
  expect(await readdir(his('work', 'Team of Ada'))).toEqual(['plan.txt']);
  expect(await bob('ls', '/work/Team of Ada')).toBe('plan.txt\n');
  expect(await text(hers('Teams', 'plan.txt'))).toBe('the plan, revised');
});

test('a mount that is removed on disk is left, and the drive stays for the others', async () => {
  await ada('share', '/Teams', '--with', bobsEmail);
  const drive = /(\S+)\s+editor/.exec(await bob('drives'))?.[1] ?? '';
  await bob('mount', drive, '/again');
  await sync(bob, his());
  await rm(his('again'), { recursive: true });
  await sync(bob, his());
  expect(await bob('ls', '/')).not.toContain('again');
  expect(await sync(ada, hers())).toEqual([]);
  expect(await text(hers('Teams', 'plan.txt'))).toBe('the plan, revised');
});

test('while both sync, a new mount fills, follows its folder, and tells of what others write', async () => {
  const drive = /(\S+)\s+editor/.exec(await bob('drives'))?.[1] ?? '';
  const ends = new AbortController();
  const silent = { write: () => true };
  const syncing = [
    [at('config'), hers()],
    [at('bob'), his()],
  ].map(([who = '', folder = '']) =>
    runProgram(['sync', folder], { env: { DRIFTBOX_CONFIG_DIR: who }, signal: ends.signal, stdout: silent, stderr: silent }),
  );
  const until = (file: string): Promise<string> => waitFor(() => text(file), { deadlineMs: 60_000, what: `the arrival of ${file}` });
  try {
    await bob('mount', drive, '/live');
    expect(await until(his('live', 'plan.txt'))).toBe('the plan, revised');
    await writeFile(hers('Teams', 'fresh.txt'), 'fresh');
    expect(await until(his('live', 'fresh.txt'))).toBe('fresh');
    await rename(his('live'), his('moved'));
    await waitFor(async () => (await bob('ls', '/')).includes('moved'), { deadlineMs: 60_000, what: 'the rename on the server' });
    await writeFile(hers('Teams', 'after.txt'), 'after');
    expect(await until(his('moved', 'after.txt'))).toBe('after');
    await writeFile(his('moved', 'back.txt'), 'back');
    expect(await until(hers('Teams', 'back.txt'))).toBe('back');
  } finally {
    ends.abort();
    await Promise.all(syncing);
  }
});

test('a folder that is shared no longer stays where it was for its owner, and no byte moves', async () => {
  await sync(ada, hers());
  await ada('unshare', '/Teams', '--yes');
  expect(await sync(ada, hers())).toEqual([]);
  await sync(bob, his());
  expect(await readdir(his())).not.toContain('moved');
  await appendFile(hers('Teams', 'plan.txt'), ', her own again');
  expect(await sync(ada, hers())).toEqual(['sent Teams/plan.txt']);
  expect((await readdir(hers('Teams'))).filter((name) => name.startsWith('.'))).toEqual([]);
});
