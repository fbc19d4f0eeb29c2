import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { fillTemplates } from './fill-template.ts';

let folder: TemporaryFolder;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => folder.remove());

const values = { FOLDER: '/f', RUNTIME: '/r', VERSION: '1', NODE_IP: '192.0.2.1', PODS: '192.0.2.0/25', DNS: '192.0.2.2' };

test.each(['settings', 'manifests'])('every name in the %s of a cluster has a value', async (kind) => {
  await fillTemplates(path.join(import.meta.dirname, kind), folder.path, values);
});

test('a name without a value is told, with the file that it is in', async () => {
  const [from, to] = ['from', 'to'].map((name) => path.join(folder.path, name));
  await fillTemplates(path.join(import.meta.dirname, 'settings'), from!, values);
  await writeFile(path.join(from!, 'new.yaml'), 'a: @FOLDER@\nb: @OTHER@\n');
  await expect(fillTemplates(from!, to!, values)).rejects.toThrow('new.yaml names @OTHER@');
  await expect(readFile(path.join(to!, 'new.yaml'))).rejects.toThrow('ENOENT');
});
