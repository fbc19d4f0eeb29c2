import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { scriptProcess, temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { ensureInstalled, isInstalled } from './cache.ts';
import type { Installable } from './installable.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
  process.env['DRIFTBOX_COMPONENTS'] = folder.path;
});
afterEach(async () => {
  delete process.env['DRIFTBOX_COMPONENTS'];
  await folder.remove();
});

const quiet = (): void => {};

function program(install: (target: string) => Promise<void>, recipe = ['a']): Installable {
  return { name: 'thing', version: '1.2', recipe, missing: async () => undefined, install };
}

describe('the cache of installed components', () => {
  test('installs once, however many ask at the same time', async () => {
    let runs = 0;
    const thing = program(async (target) => {
      runs += 1;
      await writeFile(path.join(target, 'program'), 'bytes');
    });
    const folders = await Promise.all([1, 2, 3].map(() => ensureInstalled(thing, quiet)));
    expect(new Set(folders).size).toBe(1);
    expect(runs).toBe(1);
    expect(path.basename(folders[0] ?? '')).toMatch(/^thing-1\.2-[0-9a-f]{12}$/);
    expect(await readFile(path.join(folders[0] ?? '', 'program'), 'utf8')).toBe('bytes');
  });

  test('another recipe is another installation', async () => {
    const [one, other] = [program(async () => {}), program(async () => {}, ['b'])];
    expect(await ensureInstalled(one, quiet)).not.toBe(await ensureInstalled(other, quiet));
    expect([one, other].every(isInstalled)).toBe(true);
  });

  test('what fails half way is not installed, and is begun again from nothing', async () => {
    const thing = (fails: boolean): Installable =>
      program(async (target) => {
        expect(await readdir(target)).toEqual([]);
        await writeFile(path.join(target, 'half'), '');
        if (fails) throw new Error('the registry is away');
      });
    await expect(ensureInstalled(thing(true), quiet)).rejects.toThrow('the registry is away');
    expect(isInstalled(thing(true))).toBe(false);
    expect(existsSync(await ensureInstalled(thing(false), quiet))).toBe(true);
  });

  test('a missing prerequisite is named, and nothing is tried', async () => {
    const thing: Installable = { ...program(() => Promise.reject(new Error('tried'))), missing: async () => 'Go is not installed' };
    await expect(ensureInstalled(thing, quiet)).rejects.toThrow('thing cannot be installed: Go is not installed');
  });

  test('an installation by another process is waited for; when that is killed the next begins again', async () => {
    const script = `import { ensureInstalled } from ${JSON.stringify(path.join(import.meta.dirname, 'cache.ts'))};
      const install = () => { console.log('holds'); return new Promise(() => setInterval(() => {}, 1e6)); };
      await ensureInstalled({ name: 'thing', version: '1.2', recipe: ['a'], missing: async () => undefined, install }, () => {});`;
    const other = scriptProcess(script, import.meta.dirname);
    await once(other.stdout, 'data');
    const thing = program(async () => {});
    const told = Promise.withResolvers<string>();
    const mine = ensureInstalled(thing, told.resolve);
    expect(await told.promise).toContain('waiting for another process');
    expect(isInstalled(thing)).toBe(false);
    other.kill('SIGKILL');
    expect(isInstalled(thing)).toBe(false);
    expect(existsSync(await mine)).toBe(true);
  });
});
