import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseDriveId } from '@driftbox/domain';
import type { Client } from '@driftbox/api-client';
import { newId } from '@driftbox/transfer';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Root } from '../disk/root.ts';
import { statAt } from '../disk/stat-of.ts';
import type { Refuge } from '../ports/refuge.ts';
import { createRefuge } from './refuge.ts';

let around: string;
let root: Root;
let refuge: Refuge;
let told: string[];
const client = { call: async () => ({ role: 'viewer', kind: 'shared' }) } as unknown as Client;

beforeEach(async () => {
  around = await realpath(await mkdtemp(path.join(tmpdir(), 'driftbox-refuge-')));
  await mkdir(path.join(around, 'Team', 'deep'), { recursive: true });
  root = new Root(path.join(around, 'Team'), 'marker', false);
  told = [];
  refuge = createRefuge({ root, client, drive: newId(parseDriveId), device: 'laptop', took: (text) => told.push(text) });
});

afterEach(async () => {
  root.close();
  await rm(around, { recursive: true });
});

const put = (text: string, ...names: string[]) => writeFile(path.join(root.path, ...names), text);
const take = (at: string) => refuge.take(at, statAt(path.join(root.path, at), root.traits)!);
const beside = async (): Promise<string> =>
  path.join(
    around,
    (await readdir(around)).find((name) => name !== 'Team')!,
  );
const kept = async (): Promise<string[]> =>
  (await readdir(await beside(), { recursive: true })).map((name) => name.replaceAll(/\d{4}-\d\d-\d\d/g, 'TODAY')).sort();

test('what leaves keeps its place in a folder beside the drive, and nothing there is written over', async () => {
  expect(await refuge.isReadOnly()).toBe(true);
  await put('first', 'deep', 'a.txt');
  expect(await take('deep/a.txt')).toMatchObject({ outcome: 'done' });
  await put('second', 'deep', 'a.txt');
  expect(await take('deep/a.txt')).toMatchObject({ outcome: 'done' });
  expect(await kept()).toEqual(['deep', 'deep/a (conflicted copy of laptop TODAY).txt', 'deep/a.txt']);
  expect(await readFile(path.join(await beside(), 'deep', 'a.txt'), 'utf8')).toBe('first');
  expect(await readdir(path.join(root.path, 'deep'))).toEqual([]);
  expect(told).toHaveLength(2);
});

test('what is no longer what was seen stays', async () => {
  await put('seen', 'a.txt');
  const seen = statAt(path.join(root.path, 'a.txt'), root.traits)!;
  await put('written since', 'a.txt');
  expect(await refuge.take('a.txt', seen)).toEqual({ outcome: 'changed' });
  await rm(path.join(root.path, 'a.txt'));
  expect(await refuge.take('a.txt', seen)).toEqual({ outcome: 'changed' });
  expect(await readdir(around)).toEqual(['Team']);
});

test('an emptied folder whose content left before goes, and one with something in it comes beside', async () => {
  await put('first', 'deep', 'a.txt');
  await take('deep/a.txt');
  expect(await take('deep')).toMatchObject({ outcome: 'done' });
  expect(await kept()).toEqual(['deep', 'deep/a.txt']);
  await mkdir(path.join(root.path, 'deep'));
  await put('second', 'deep', 'b.txt');
  await take('deep');
  expect(await kept()).toEqual([
    'deep',
    'deep (conflicted copy of laptop TODAY)',
    'deep (conflicted copy of laptop TODAY)/b.txt',
    'deep/a.txt',
  ]);
});

test('no link there is followed or replaced, and a file is no place for others', async () => {
  await put('first', 'plain.txt');
  await take('plain.txt');
  const folder = await beside();
  await symlink(path.join(root.path, 'deep'), path.join(folder, 'deep'));
  await symlink('nowhere', path.join(folder, 'dangling'));
  await put('by Bob', 'deep', 'a.txt');
  await put('by Bob', 'dangling');
  await take('deep/a.txt');
  await take('dangling');
  await mkdir(path.join(root.path, 'plain.txt'));
  await put('inside', 'plain.txt', 'b.txt');
  await take('plain.txt/b.txt');
  expect(await kept()).toEqual([
    'dangling',
    'dangling (conflicted copy of laptop TODAY)',
    'deep',
    'deep (conflicted copy of laptop TODAY)',
    'deep (conflicted copy of laptop TODAY)/a.txt',
    'plain (conflicted copy of laptop TODAY).txt',
    'plain (conflicted copy of laptop TODAY).txt/b.txt',
    'plain.txt',
  ]);
});
