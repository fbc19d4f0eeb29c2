import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addKeyGeneration, openFileKeyManager } from './index.ts';
import { flipped, newKey } from './testing/pack-fixture.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
  path = join(folder, 'deep', 'keys.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the file key manager', () => {
  test('makes a key file for its owner alone, once', async () => {
    const first = await openFileKeyManager(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['keys.json']);
    const key = newKey();
    const wrapped = await first.wrap(key);
    const again = await (await openFileKeyManager(path)).unwrap(key, wrapped);
    expect(again.secret.equals(key.secret)).toBe(true);
    expect([again.tenant, again.generation]).toEqual([key.tenant, key.generation]);
  });

  test('of many that start at once use one key', async () => {
    const openers = await Promise.all(Array.from({ length: 8 }, () => openFileKeyManager(path)));
    const key = newKey();
    const last = await openFileKeyManager(path);
    for (const opener of openers) {
      const unwrapped = await last.unwrap(key, await opener.wrap(key));
      expect(unwrapped.secret.equals(key.secret)).toBe(true);
    }
    expect(await readdir(join(folder, 'deep'))).toEqual(['keys.json']);
  });

  test('wraps under the newest generation and unwraps under every one', async () => {
    const key = newKey(3);
    const old = await (await openFileKeyManager(path)).wrap(key);
    expect(await addKeyGeneration(path)).toBe(2);
    const manager = await openFileKeyManager(path);
    expect(manager.currentGeneration).toBe(2);
    const rewrapped = await manager.wrap(await manager.unwrap(key, old));
    expect([old.keyGeneration, rewrapped.keyGeneration]).toEqual([1, 2]);
    expect((await manager.unwrap(key, rewrapped)).secret.equals(key.secret)).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("unwraps nothing that was altered, or is another tenant's or generation's", async () => {
    const manager = await openFileKeyManager(path);
    const key = newKey();
    const wrapped = await manager.wrap(key);
    for (let at = 0; at < wrapped.bytes.length; at += 1) {
      await expect(manager.unwrap(key, { ...wrapped, bytes: flipped(wrapped.bytes, at) })).rejects.toMatchObject({ kind: 'corrupt' });
    }
    await expect(manager.unwrap(newKey(), wrapped)).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(manager.unwrap({ ...key, generation: 2 }, wrapped)).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(manager.unwrap(key, { ...wrapped, bytes: wrapped.bytes.subarray(1) })).rejects.toMatchObject({ kind: 'corrupt' });
    await expect(manager.unwrap(key, { ...wrapped, keyGeneration: 9 })).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('refuses a file that is no key file without quoting it, and never replaces it', async () => {
    await openFileKeyManager(path);
    const secret = JSON.parse(await readFile(path, 'utf8')).keys['1'] as string;
    const broken = [
      '',
      `{"keys": {"1": "${secret}"`,
      '{"format":2}',
      '{"format":1,"current":2,"keys":{}}',
      '{"format":1,"current":1,"keys":{"1":"c2hvcnQ="}}',
    ];
    for (const text of broken) {
      await writeFile(path, text);
      await expect(openFileKeyManager(path)).rejects.toMatchObject({ kind: 'corrupt', message: expect.not.stringContaining(secret) });
      expect(await readFile(path, 'utf8')).toBe(text);
    }
    await expect(addKeyGeneration(join(folder, 'absent'))).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('opens a file that others made and may only be read', async () => {
    await openFileKeyManager(path);
    await chmod(path, 0o440);
    expect((await openFileKeyManager(path)).currentGeneration).toBe(1);
  });
});

test('a data key shows no secret when it is printed', () => {
  const key = newKey();
  const secret = key.secret.export();
  expect(inspect(key)).not.toContain(secret.toString('hex').slice(0, 8));
  expect(JSON.stringify(key)).not.toContain(secret.toString('base64').slice(0, 8));
});
