import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { newKey } from '../testing/pack-fixture.ts';
import { openFileKeyManager } from './file-key-manager.ts';
import { createKeyFile, randomSecret, readKeyFile, replaceKeyFile, type KeyFile } from './key-file.ts';

let folder: TemporaryFolder;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = `${folder.path}/keys.json`;
});
afterEach(() => folder.remove());

const secret = randomSecret();
const fileOf = (keys: unknown, current: unknown = 1): string => JSON.stringify({ format: 1, current, keys });

describe('a key file that cannot be one', () => {
  test.each([
    ['empty', ''],
    ['cut off', fileOf({ 1: secret }).slice(0, -1)],
    ['null', 'null'],
    ['a number', '7'],
    ['a list', '[]'],
    ['of a format to come', JSON.stringify({ format: 2, current: 1, keys: { 1: secret } })],
    ['without a current key', JSON.stringify({ format: 1, keys: { 1: secret } })],
    ['of a current key that is a text', fileOf({ 1: secret }, '1')],
    ['of a current key that is no whole number', fileOf({ 1: secret }, 1.5)],
    ['without keys', JSON.stringify({ format: 1, current: 1 })],
    ['of keys that are null', fileOf(null)],
    ['of keys that are a text', fileOf('keys')],
    ['of keys that are none', fileOf({})],
    ['whose current key is missing', fileOf({ 1: secret }, 2)],
    ['of a key that is a number', fileOf({ 1: 5 })],
    ['of a key that is null', fileOf({ 1: null })],
    ['of a key that is a list', fileOf({ 1: [1, 2, 3] })],
    ['of a key of 31 bytes', fileOf({ 1: Buffer.alloc(31).toString('base64') })],
    ['of a key of 33 bytes', fileOf({ 1: Buffer.alloc(33).toString('base64') })],
    ['of an empty key', fileOf({ 1: '' })],
    ['of a generation that is a word', fileOf({ 1: secret, new: secret })],
    ['of a generation 0', fileOf({ 0: secret, 1: secret })],
    ['of a generation below 0', fileOf({ '-1': secret, 1: secret })],
    ['of a generation that is no whole number', fileOf({ 1: secret, 1.5: secret })],
    ['of one generation written twice', fileOf({ 1: secret, '01': secret })],
  ])('because it is %s is refused, not quoted, and stays as it is', async (_what, text) => {
    await writeFile(path, text);
    const error = await openFileKeyManager(path).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'StoreError', kind: 'corrupt', transient: false });
    const { message, cause } = error as Error;
    expect(`${message} ${String(cause)}`).not.toContain(secret.slice(0, 20));
    expect(message).toContain(path);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await readdir(folder.path)).toEqual(['keys.json']);
  });

  test('because it is a folder, or lies below a file, is unavailable', async () => {
    await expect(openFileKeyManager(folder.path)).rejects.toMatchObject({ kind: 'unavailable', transient: false });
    await writeFile(path, 'a file');
    await expect(openFileKeyManager(`${path}/deeper`)).rejects.toMatchObject({ kind: 'unavailable', transient: false });
  });

  test('because it became one is told to who holds it open, who goes on once it is mended', async () => {
    const manager = await openFileKeyManager(path);
    const good = await readFile(path, 'utf8');
    const key = newKey();
    const wrapped = await manager.wrap(key);
    await writeFile(path, good.slice(0, 30));
    for (const call of [manager.wrap(key), manager.generations(), manager.rotate(), manager.retire(1), manager.rewrap([])])
      await expect(call).rejects.toMatchObject({ kind: 'corrupt' });
    expect((await manager.unwrap(key, wrapped)).secret.equals(key.secret)).toBe(true);
    await writeFile(path, good);
    expect(await manager.rotate()).toBe(2);
  });
});

describe('a key file that is replaced', () => {
  const file: KeyFile = { format: 1, current: 2, keys: { 1: secret, 2: randomSecret() } };

  test('reads back, for its owner alone', async () => {
    await createKeyFile(path);
    await chmod(path, 0o644);
    await replaceKeyFile(path, file);
    expect(await readKeyFile(path)).toEqual(file);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('but cannot be, as where it alone is mounted, leaves no copy of the secrets beside it', async () => {
    await mkdir(`${path}/not/empty`, { recursive: true });
    await expect(replaceKeyFile(path, file)).rejects.toMatchObject({
      kind: 'unavailable',
      transient: false,
      message: expect.stringContaining(path),
    });
    expect(await readdir(folder.path)).toEqual(['keys.json']);
    await expect(replaceKeyFile(`${folder.path}/absent/keys.json`, file)).rejects.toMatchObject({ kind: 'unavailable', transient: false });
  });

  test('is never made anew: who comes later gets the first', async () => {
    const made = await createKeyFile(path);
    expect(await createKeyFile(path)).toEqual(made);
    expect(await readKeyFile(path)).toEqual(made);
    expect(await readKeyFile(`${path}.other`)).toBeUndefined();
  });

  test('is not made over something that leads nowhere', async () => {
    await symlink(`${folder.path}/nowhere`, path);
    await expect(createKeyFile(path)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readdir(folder.path)).toEqual(['keys.json']);
  });
});

test('generations are in their order as numbers, however the file has them, and the next is one beyond the newest', async () => {
  await writeFile(path, fileOf({ 10: secret, 9: randomSecret(), 100: randomSecret() }, 10));
  const manager = await openFileKeyManager(path);
  expect(await manager.generations()).toEqual({ current: 10, usable: [9, 10, 100] });
  expect((await manager.wrap(newKey())).keyGeneration).toBe(10);
  expect(await manager.rotate()).toBe(101);
  await manager.retire(10);
  expect(await manager.generations()).toEqual({ current: 101, usable: [100, 101] });
});

test('two secrets are never one, and each has 32 bytes', () => {
  const secrets = Array.from({ length: 50 }, randomSecret);
  expect(new Set(secrets).size).toBe(50);
  for (const text of secrets) expect(Buffer.from(text, 'base64')).toHaveLength(32);
});
