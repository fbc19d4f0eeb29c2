import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { openCellSecrets } from './cell-secrets.ts';
import { openDataFolder } from './data-folder.ts';
import { FolderInUse, lockFolder } from './lock-folder.ts';

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

test('a data folder keeps its parts from everybody, and lets PostgreSQL pass', async () => {
  await using temporary = await temporaryFolder();
  const folder = await openDataFolder(path.join(temporary.path, 'a', 'b'));
  expect(await modeOf(folder.root)).toBe(0o711);
  for (const own of [folder.pool, folder.keys, folder.mail]) expect(await modeOf(own)).toBe(0o700);
  expect(await openDataFolder(folder.root)).toEqual(folder);
});

test('a folder is locked once, until it is released', async () => {
  await using temporary = await temporaryFolder();
  const lock = lockFolder(temporary.path);
  expect(() => lockFolder(temporary.path)).toThrow(FolderInUse);
  lock.release();
  lockFolder(temporary.path).release();
});

test('secrets are made once, and stay', async () => {
  await using temporary = await temporaryFolder();
  const made = await openCellSecrets(temporary.path);
  expect(await openCellSecrets(temporary.path)).toEqual(made);
  expect(new Set([made.serviceKey, made.signingKeySecret, made.urlKey]).size).toBe(3);
  expect(await modeOf(path.join(temporary.path, 'cell.json'))).toBe(0o600);
});

test.each(['', '{', '{}', '{"serviceKey":"short"}'])('damaged secrets (%j) are told and never replaced', async (text) => {
  await using temporary = await temporaryFolder();
  const file = path.join(temporary.path, 'cell.json');
  await writeFile(file, text);
  await expect(openCellSecrets(temporary.path)).rejects.toThrow('is damaged: restore it from your copy');
  expect(await readFile(file, 'utf8')).toBe(text);
});
