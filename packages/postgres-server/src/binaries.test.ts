import { mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { hydrateSymlinks } from './binaries.ts';

test('missing links are made, once, by however many processes', async () => {
  await using folder = await temporaryFolder();
  await mkdir(path.join(folder.path, 'native/lib'), { recursive: true });
  await writeFile(path.join(folder.path, 'native/lib/libx.so.1.2'), 'library');
  await writeFile(
    path.join(folder.path, 'native/pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so' }]),
  );
  await Promise.all(Array.from({ length: 5 }, () => hydrateSymlinks(folder.path)));
  await hydrateSymlinks(folder.path);
  expect(await readlink(path.join(folder.path, 'native/lib/libx.so'))).toBe('libx.so.1.2');
  expect(await readFile(path.join(folder.path, 'native/lib/libx.so'), 'utf8')).toBe('library');
});

test('a package without links is left as it is', async () => {
  await using folder = await temporaryFolder();
  await expect(hydrateSymlinks(folder.path)).resolves.toBeUndefined();
});
