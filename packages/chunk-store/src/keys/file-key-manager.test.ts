import { chmod, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeKeyManager } from '@driftbox/chunk-store/conformance';
import { newKey } from '../testing/pack-fixture.ts';
import { openFileKeyManager } from './file-key-manager.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
  path = join(folder, 'deep', 'keys.json');
});
afterEach(() => rm(folder, { recursive: true }));

describeKeyManager('the file key manager', async () => ({
  manager: await openFileKeyManager(path),
  again: () => openFileKeyManager(path),
}));

describe('a key file', () => {
  test('is made for its owner alone, once, and stays so', async () => {
    const manager = await openFileKeyManager(path);
    await manager.rotate();
    await manager.retire(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['keys.json']);
  });

  test('of many that start at once is one', async () => {
    const openers = await Promise.all(Array.from({ length: 8 }, () => openFileKeyManager(path)));
    const key = newKey();
    const last = await openFileKeyManager(path);
    for (const opener of openers) {
      const unwrapped = await last.unwrap(key, await opener.wrap(key));
      expect(unwrapped.secret.equals(key.secret)).toBe(true);
    }
    expect(await readdir(join(folder, 'deep'))).toEqual(['keys.json']);
  });

  test('that is none is refused without quoting it, and never replaced', async () => {
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
  });

  test('that others made may be for reading only, as a mounted Secret', async () => {
    await openFileKeyManager(path);
    await chmod(path, 0o440);
    expect(await (await openFileKeyManager(path)).generations()).toEqual({ current: 1, usable: [1] });
  });

  test('that is gone is unavailable, is not made anew where keys depend on it, and all is well once it is back', async () => {
    const manager = await openFileKeyManager(path);
    const [seen, unseen] = [newKey(), newKey()];
    const wrapped = await manager.wrap(seen);
    await rename(path, `${path}.away`);
    for (const call of [manager.wrap(unseen), manager.generations(), manager.rotate(), manager.retire(1)])
      await expect(call).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await manager.unwrap(seen, wrapped)).secret.equals(seen.secret)).toBe(true);
    await expect(openFileKeyManager(path, { mayCreate: async () => false })).rejects.toMatchObject({ kind: 'unavailable' });
    await rename(`${path}.away`, path);
    const again = await openFileKeyManager(path, { mayCreate: async () => false });
    expect((await again.unwrap(seen, wrapped)).secret.equals(seen.secret)).toBe(true);
  });
});

test('a data key shows no secret when it is printed', () => {
  const key = newKey();
  const secret = key.secret.export();
  expect(inspect(key)).not.toContain(secret.toString('hex').slice(0, 8));
  expect(JSON.stringify(key)).not.toContain(secret.toString('base64').slice(0, 8));
});
