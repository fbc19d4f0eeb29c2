import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { writeOciArchive, type WrittenImage } from './oci-archive.ts';
import { emptyRoot, put } from './root-folder.ts';

let folder: TemporaryFolder;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => folder.remove());

const run = promisify(execFile);
const config = { Entrypoint: ['/program'], User: '65532:65532' };

/** One layer with a program, a link to it and a file; `at` is when it was made. */
async function layer(name: string, at: Date): Promise<string> {
  const root = await emptyRoot(path.join(folder.path, name));
  await put(root, 'program', '#!/bin/sh\n', 0o755);
  await put(root, 'etc/setting', 'value');
  await symlink('program', path.join(root, 'other-name'));
  await utimes(path.join(root, 'program'), at, at);
  return root;
}

function write(name: string, layers: readonly string[]): Promise<WrittenImage> {
  return writeOciArchive({ reference: 'localhost/thing:1', layers, config }, path.join(folder.path, `${name}.tar`));
}

describe('an OCI archive', () => {
  test('is the same bytes whenever its folders were made', async () => {
    const one = await write('one', [await layer('first', new Date(1e12))]);
    const other = await write('other', [await layer('second', new Date(2e12))]);
    expect(other.digest).toBe(one.digest);
    expect((await readFile(other.file)).equals(await readFile(one.file))).toBe(true);
  });

  test('is another image when a byte, a mode or the configuration is another', async () => {
    const { digest } = await write('one', [await layer('root', new Date(0))]);
    await writeFile(path.join(folder.path, 'root/etc/setting'), 'valuf');
    expect((await write('two', [path.join(folder.path, 'root')])).digest).not.toBe(digest);
    await put(path.join(folder.path, 'root'), 'etc/setting', 'value', 0o600);
    expect((await write('three', [path.join(folder.path, 'root')])).digest).not.toBe(digest);
  });

  test('names every part by its digest, from the index down to the layers', async () => {
    const written = await write('one', [await layer('lower', new Date(0)), await layer('upper', new Date(0))]);
    const unpacked = await emptyRoot(path.join(folder.path, 'unpacked'));
    await run('tar', ['-xf', written.file, '-C', unpacked]);
    const blob = async (digest: string): Promise<Buffer> => {
      const bytes = await readFile(path.join(unpacked, 'blobs', digest.replace(':', '/')));
      expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(digest);
      return bytes;
    };
    const index = JSON.parse(await readFile(path.join(unpacked, 'index.json'), 'utf8'));
    expect(index.manifests).toMatchObject([{ digest: written.digest, annotations: { 'io.containerd.image.name': 'localhost/thing:1' } }]);
    const manifest = JSON.parse(String(await blob(written.digest)));
    const imageConfig = JSON.parse(String(await blob(manifest.config.digest)));
    expect(imageConfig).toMatchObject({ os: 'linux', config });
    expect(imageConfig.rootfs.diff_ids).toEqual(manifest.layers.map((one: { digest: string }) => one.digest));
    for (const { digest, size } of manifest.layers) expect((await blob(digest)).length).toBe(size);
  });
});
